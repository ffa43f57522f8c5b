-- The message of a topic or of a binding, as the sidecar posts it.
local headers = {
  topic = { path = "/events--orders--default", type = "application/cloudevents+json" },
  binding = { path = "/queue", type = "application/json" },
}
local kind = os.getenv("KIND")
wrk.method = "POST"
wrk.path = headers[kind].path
wrk.headers["Content-Type"] = headers[kind].type
wrk.headers["User-Agent"] = "Go-http-client/1.1"
wrk.headers["Accept-Encoding"] = "gzip"
wrk.headers["Traceparent"] = os.getenv("TRACEPARENT")
wrk.body = io.open(kind .. ".json"):read("a")
