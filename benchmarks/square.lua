-- What wrk sends, and one line of numbers for the harness: requests, microseconds, failures, median latency in microseconds.
-- The length of the list follows "--" on wrk's command line.
wrk.method = "POST"
wrk.headers["Content-Type"] = "application/json"

function init(args)
  local list = {}
  for i = 1, tonumber(args[1]) do
    list[i] = i
  end
  wrk.body = "[" .. table.concat(list, ",") .. "]"
  request_bytes = wrk.format()
end

function request()
  return request_bytes
end

done = function(summary, latency, requests)
  local errors = summary.errors
  local failures = errors.connect + errors.read + errors.write + errors.status + errors.timeout
  io.write(string.format("harness: %d %d %d %f\n",
    summary.requests, summary.duration, failures, latency:percentile(50)))
end
