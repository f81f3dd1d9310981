-- Asks for the paths of a file in turn: wrk -s benchmarks/paths.lua URL -- FILE
dofile("benchmarks/report.lua")

local requests = {}
local at = 0

function init(args)
  for path in io.lines(args[1]) do
    table.insert(requests, wrk.format("GET", path))
  end
end

function request()
  at = at % #requests + 1
  return requests[at]
end
