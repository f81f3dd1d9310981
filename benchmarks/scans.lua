-- Scans a fixed number of times, each answered: wrk -s benchmarks/scans.lua URL -- NUMBER PATH
-- wrk cannot send nothing, so once all are sent a connection asks for PATH (a printed page,
-- which costs little); when each has been answered that several times over, no scan can
-- still be under way.
-- Then wrk is told to end as by Ctrl-C: else it sleeps until its time is over.
dofile("benchmarks/report.lua")

local ffi = require("ffi")
ffi.cdef("int kill(int pid, int signal); int getpid(void);")
local SIGINT = 2

local TAIL = 400
local left, tail
local scan, other
scans_answered = 0

function init(args)
  left, tail = tonumber(args[1]) + 1, TAIL -- wrk takes the first one only to look at it
  scan, other = wrk.format(), wrk.format("GET", args[2])
end

function request()
  if left > 0 then
    left = left - 1
    return scan
  end
  return other
end

function response(status)
  if status == 302 then
    scans_answered = scans_answered + 1
  else
    tail = tail - 1
    if tail == 0 then ffi.C.kill(ffi.C.getpid(), SIGINT) end
  end
end
