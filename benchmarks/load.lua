-- Goes through the addresses of a file in turn: wrk -s load.lua ADDRESS -- FILE [HEADER: VALUE]...
local requests, number = {}, 0

function init(arguments)
  for at = 2, #arguments do
    local name, value = arguments[at]:match("^(.-): (.*)$")
    wrk.headers[name] = value
  end
  for path in io.lines(arguments[1]) do
    requests[#requests + 1] = wrk.format("GET", path)
  end
end

function request()
  number = number % #requests + 1
  return requests[number]
end
