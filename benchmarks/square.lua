-- What wrk sends, and one line of numbers for the harness: requests, microseconds, failures, median latency in microseconds.
wrk.method = "POST"
wrk.body = "[1,2,3,4]"
wrk.headers["Content-Type"] = "application/json"

done = function(summary, latency, requests)
  local errors = summary.errors
  local failures = errors.connect + errors.read + errors.write + errors.status + errors.timeout
  io.write(string.format("harness: %d %d %d %f\n",
    summary.requests, summary.duration, failures, latency:percentile(50)))
end
