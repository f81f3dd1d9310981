-- What wrk tells at its end: one line of JSON.
local threads = {}

function setup(thread)
  table.insert(threads, thread)
end

function done(summary, latency)
  local e = summary.errors
  local scans = 0
  for _, thread in ipairs(threads) do
    scans = scans + (thread:get("scans_answered") or 0)
  end
  io.write(string.format(
    '\n{"requests":%d,"seconds":%.6f,"p50_ms":%.3f,"p99_ms":%.3f,"failed":%d,"scans":%d}\n',
    summary.requests, summary.duration / 1e6,
    latency:percentile(50) / 1000, latency:percentile(99) / 1000,
    e.connect + e.read + e.write + e.status + e.timeout, scans))
end
