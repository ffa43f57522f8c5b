// The floor of callbacks over gRPC: a stream handler of node:http2 with this framework's own decoder, answers ready made.
const http2 = require('node:http2');
const { join } = require('node:path');
const { count } = require('./function.cjs');
const codec = join(process.env.BUILD, 'framework/grpc');
const { decodeTopicEventRequest } = require(join(codec, 'topic-event.js'));
const { decodeBindingEventRequest } = require(join(codec, 'binding.js'));
const methods = {
  '/dapr.proto.runtime.v1.AppCallback/OnTopicEvent': decodeTopicEventRequest,
  '/dapr.proto.runtime.v1.AppCallback/OnBindingEvent': decodeBindingEventRequest,
};
const PREFIX = 5;
const EMPTY = Buffer.alloc(PREFIX);
const server = http2.createServer();
server.on('stream', (stream, headers) => {
  const decode = methods[headers[':path']];
  const chunks = [];
  stream
    .on('data', (chunk) => chunks.push(chunk))
    .on('end', () => {
      const { data } = decode(Buffer.concat(chunks).subarray(PREFIX));
      count(undefined, JSON.parse(data.toString()));
      stream.respond({ ':status': 200, 'content-type': 'application/grpc' }, { waitForTrailers: true });
      stream.on('wantTrailers', () => stream.sendTrailers({ 'grpc-status': '0' }));
      stream.end(EMPTY);
    });
});
server.listen(Number(process.env.PORT), '127.0.0.1');
