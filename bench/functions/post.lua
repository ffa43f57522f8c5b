-- A POST of 1 KB of JSON, as it is or as the data of a binary CloudEvent.
wrk.method = "POST"
wrk.headers["Content-Type"] = "application/json"
if os.getenv("TARGET") == "event" then
  wrk.headers["ce-id"] = "42"
  wrk.headers["ce-source"] = "//bench/items"
  wrk.headers["ce-type"] = "bench.items.counted"
  wrk.headers["ce-specversion"] = "1.0"
  wrk.headers["ce-time"] = "2026-01-01T00:00:00Z"
end
local items = {}
for i = 1, 20 do items[i] = string.format('{"id":%d,"name":"item number %d","price":%d.5}', 100 + i, 100 + i, i) end
wrk.body = '{"items":[' .. table.concat(items, ",") .. ']}'
