import { createServer, type Socket } from 'node:net';
import { once } from 'node:events';
import { expect, onTestFinished, test } from 'vitest';
import { connectSidecar, type SidecarCall } from '../../../../src/framework/dapr/sidecar.ts';
import { readPlatform } from '../../../../src/framework/platform.ts';
import { failureOf } from '../../../support/failure.ts';
import { freePort, startSidecar } from '../../../support/sidecar.ts';

const connect = (env: Record<string, string>) => {
  const sidecar = connectSidecar(readPlatform(env));
  onTestFinished(() => sidecar.close());
  return sidecar;
};
const GET: SidecarCall = { method: 'GET', path: '/x' };
const HEALTH = '/v1.0/healthz/outbound';

test('a call arrives as it is, and so does the answer', async () => {
  const { env, calls } = await startSidecar(() => ({ status: 403, body: 'no' }));
  const answer = await connect(env).call({ method: 'PUT', path: '/a%2Fb?c=d', headers: { 'x-a': 'b' }, body: 'é' });
  expect([answer.status, answer.body.toString()]).toEqual([403, 'no']);
  expect(calls).toMatchObject([
    { method: 'PUT', path: '/a%2Fb?c=d', body: 'é', headers: { 'x-a': 'b', 'content-length': '2' } },
  ]);
});

test('nothing is connected before the first call', async () => {
  const { env, connections } = await startSidecar();
  connect(env);
  expect(connections()).toBe(0);
});

test('calls one after the other share a connection', async () => {
  const { env, calls, connections } = await startSidecar();
  const sidecar = connect(env);
  for (let i = 0; i < 20; i += 1) await sidecar.call(GET);
  expect([calls.length, connections()]).toEqual([20, 1]);
});

test('the path of an endpoint comes before that of a call', async () => {
  const { port, calls } = await startSidecar();
  await connect({ DAPR_HTTP_ENDPOINT: `http://127.0.0.1:${port}/dapr/` }).call(GET);
  expect(calls.map(({ path }) => path)).toEqual(['/dapr/x']);
});

test('an endpoint behind TLS is spoken to with TLS', async () => {
  const hello = Promise.withResolvers<Buffer>();
  const server = createServer((socket) => socket.once('data', (bytes) => (hello.resolve(bytes), socket.destroy())));
  await once(server.listen(0, '127.0.0.1'), 'listening');
  onTestFinished(() => void server.close());
  const { port } = server.address() as { port: number };
  const failure = connect({ DAPR_HTTP_ENDPOINT: `https://127.0.0.1:${port}` }).call(GET);
  await expect(failure).rejects.toThrow(`Couldn't reach the Dapr sidecar at https://127.0.0.1:${port}`);
  expect((await hello.promise)[0]).toBe(0x16);
});

test('the token goes with every call, those of health too', async () => {
  const port = await freePort();
  const sidecar = connect({ DAPR_HTTP_PORT: String(port), DAPR_API_TOKEN: 'secret' });
  const answer = sidecar.call(GET);
  const { calls } = await startSidecar(() => ({}), port);
  await answer;
  expect(calls.map(({ path, headers }) => [path, headers['dapr-api-token']])).toEqual([
    [HEALTH, 'secret'],
    ['/x', 'secret'],
  ]);
});

test('calls that find no sidecar wait for one, all together', async () => {
  const port = await freePort();
  const sidecar = connect({ DAPR_HTTP_PORT: String(port) });
  const answers = Promise.all(Array.from({ length: 5 }, () => sidecar.call(GET)));
  const { calls } = await startSidecar(() => ({}), port);
  expect((await answers).map(({ status }) => status)).toEqual([204, 204, 204, 204, 204]);
  expect(calls.map(({ path }) => path)).toEqual([HEALTH, '/x', '/x', '/x', '/x', '/x']);
});

test('they wait until it is healthy', async () => {
  const port = await freePort();
  const answer = connect({ DAPR_HTTP_PORT: String(port) }).call(GET);
  let looks = 0;
  const { calls } = await startSidecar(({ path }) => ({ status: path === HEALTH && ++looks < 3 ? 500 : 204 }), port);
  await answer;
  expect(calls.map(({ path }) => path)).toEqual([HEALTH, HEALTH, HEALTH, '/x']);
});

test('a sidecar that does not know the path of health is healthy', async () => {
  const port = await freePort();
  const answer = connect({ DAPR_HTTP_PORT: String(port) }).call(GET);
  await startSidecar(({ path }) => ({ status: path === HEALTH ? 404 : 200 }), port);
  expect((await answer).status).toBe(200);
});

test('what is said when nobody answers', async () => {
  const port = await freePort();
  const env = { DAPR_HTTP_PORT: String(port), DAPR_HEALTH_TIMEOUT: '0', DAPR_API_TOKEN: 'secret' };
  expect(await failureOf(() => connect(env).call(GET), { port: String(port) })).toMatchSnapshot();
});

test('a sidecar that never says that it is healthy is not waited for longer than one that is not there', async () => {
  const port = await freePort();
  const failure = connect({ DAPR_HTTP_PORT: String(port), DAPR_HEALTH_TIMEOUT: '0.3' }).call(GET);
  await startSidecar(() => new Promise(() => {}), port);
  await expect(failure).rejects.toThrow("Couldn't reach the Dapr sidecar");
});

test('a connection that was closed while it was idle costs nothing', async () => {
  const { env, calls, sockets, connections } = await startSidecar();
  const sidecar = connect(env);
  await Promise.all([sidecar.call(GET), sidecar.call(GET), sidecar.call(GET)]);
  for (const socket of sockets) socket.destroy();
  await Promise.all([sidecar.call(GET), sidecar.call(GET)]);
  expect([calls.length, connections()]).toEqual([5, 5]);
});

test('a sidecar that starts anew is waited for', async () => {
  const sockets: Socket[] = [];
  const server = createServer((socket) => {
    sockets.push(socket);
    socket.on('data', () => socket.write('HTTP/1.1 204 No Content\r\n\r\n'));
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const { port } = server.address() as { port: number };
  const sidecar = connect({ DAPR_HTTP_PORT: String(port) });
  await sidecar.call(GET);
  server.close();
  for (const socket of sockets) socket.destroy();
  const answer = sidecar.call(GET);
  await expect(connect({ DAPR_HTTP_PORT: String(port), DAPR_HEALTH_TIMEOUT: '0' }).call(GET)).rejects.toThrow(
    'ECONNREFUSED',
  );
  await startSidecar(() => ({ status: 200 }), port);
  expect((await answer).status).toBe(200);
});

test('a call that a sidecar dies of is not made again', async () => {
  let calls = 0;
  const server = createServer((socket) => socket.on('data', () => ((calls += 1), socket.destroy())));
  await once(server.listen(0, '127.0.0.1'), 'listening');
  onTestFinished(() => void server.close());
  const { port } = server.address() as { port: number };
  const failure = connect({ DAPR_HTTP_PORT: String(port) }).call(GET);
  await expect(failure).rejects.toMatchObject({ code: 'OFN-DAPR-SIDECAR' });
  expect(calls).toBe(1);
});

test('an answer that breaks off is none, and is not asked for again', async () => {
  const answers = ['HTTP/1.1 204 No Content\r\n\r\n', 'HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\nhalf'];
  let calls = 0;
  const server = createServer((socket) =>
    socket.on('data', () => socket.write(answers[calls++] ?? '', () => calls > 1 && socket.destroy())),
  );
  await once(server.listen(0, '127.0.0.1'), 'listening');
  onTestFinished(() => void server.close());
  const { port } = server.address() as { port: number };
  const sidecar = connect({ DAPR_HTTP_PORT: String(port) });
  await sidecar.call(GET);
  await expect(sidecar.call(GET)).rejects.toMatchObject({ code: 'OFN-DAPR-SIDECAR' });
  expect(calls).toBe(2);
});

test.each<[string, Partial<SidecarCall>]>([
  ['a method', { method: 'NO METHOD' }],
  ['a path', { path: '/ä b' }],
  ['a header', { headers: { 'x-a': 'b\n' } }],
])('%s that can not be sent is not blamed on the sidecar', async (_, wrong) => {
  const { env, calls } = await startSidecar();
  await expect(connect(env).call({ ...GET, ...wrong })).rejects.toThrow(TypeError);
  expect(calls).toEqual([]);
});

test('a call that resets its idle connection is made twice, however many connections are idle', async () => {
  let isCruel = false;
  const { env, calls, sockets } = await startSidecar(async () => {
    if (!isCruel) await new Promise((resolve) => setTimeout(resolve, 20));
    else for (const socket of sockets) socket.resetAndDestroy();
    return {};
  });
  const sidecar = connect(env);
  await Promise.all(Array.from({ length: 10 }, () => sidecar.call(GET)));
  isCruel = true;
  await expect(sidecar.call({ method: 'POST', path: '/charge', body: '1' })).rejects.toThrow("Couldn't reach");
  expect(calls.filter(({ path }) => path === '/charge')).toHaveLength(2);
});

test('a sidecar that does not answer is waited for no longer than is said', async () => {
  const { env } = await startSidecar(() => new Promise(() => {}));
  const failed = connect({ ...env, DAPR_API_TIMEOUT_SECONDS: '0.05' }).call(GET);
  await expect(failed).rejects.toThrow(
    /^Couldn't reach the Dapr sidecar at http:\/\/127\.0\.0\.1:\d+: no answer within 0\.05 s\.$/,
  );
  await expect(failed).rejects.toMatchObject({ hint: expect.stringContaining('DAPR_API_TIMEOUT_SECONDS') });
});
