// The same with Dapr's SDK. There is no sidecar that its client could wait for.
const { CommunicationProtocolEnum, DaprServer } = require('@dapr/dapr');
const { count } = require('./function.cjs');
const server = new DaprServer({
  serverHost: '127.0.0.1',
  serverPort: process.env.PORT,
  communicationProtocol: CommunicationProtocolEnum[process.env.PROTOCOL],
});
server.client.start = async () => {};
const take = async (data) => count(undefined, data);
(async () => {
  await server.pubsub.subscribe('events', 'orders', take);
  await server.binding.receive('queue', take);
  await server.start();
})();
