import { once } from 'node:events';
import { connect } from 'node:net';
import { expect, test } from 'vitest';
import type { Companion, CompanionRequest } from '../../../../src/framework/http/companion.ts';
import type { Request, Response } from '../../../../src/framework/http/types.ts';
import { serveAll, type Served, type Setup } from '../../../support/function-server.ts';

function companion(answer?: Companion['answer']) {
  const opening = Promise.withResolvers<void>();
  const asked: CompanionRequest[] = [];
  const all: Companion = {
    name: 'Beside',
    paths: ['/own', '/own/deep'],
    bodyLimit: 10,
    opened: opening.promise,
    answer:
      answer ??
      ((request) => {
        asked.push(request);
        return { status: 201, headers: { 'x-own': 'yes' }, body: request.path };
      }),
  };
  return { companion: all, asked, open: () => opening.resolve(), shut: () => opening.reject(new Error('failed')) };
}

const says = (text: string) => (_req: Request, res: Response) => void res.send(text);
const serve = (functions: readonly Served[], setup: Setup) => serveAll(functions, setup);

test('its paths never reach a function, whatever the signature and the state', async () => {
  const { companion: beside, asked, open } = companion();
  for (const signatureType of ['http', 'event', 'cloudevent', 'typed', 'openfunction'] as const) {
    const { call } = await serve([{ handler: says('function'), signatureType }], { companion: beside });
    expect(await call('/own?x=1')).toMatchObject({ status: 201, body: '/own', headers: { 'x-own': 'yes' } });
  }
  open();
  const { call } = await serve([{ handler: says('function') }], { companion: beside });
  expect([(await call('/own/deep')).body, (await call('/own/other')).body, (await call('/OWN')).body]).toEqual([
    '/own/deep',
    'function',
    'function',
  ]);
  expect(await call({ path: '/own', method: 'HEAD' })).toMatchObject({ status: 201, body: '' });
  expect(asked.at(-1)).toMatchObject({ method: 'HEAD', path: '/own', body: undefined, problem: undefined });
});

test('it gets bodies up to its limit', async () => {
  const { companion: beside, asked } = companion();
  const { call } = await serve([{ handler: says('function') }], { companion: beside });
  await call({ method: 'POST', path: '/own', body: '0123456789' });
  await call({ method: 'POST', path: '/own', body: '0123456789a' });
  await call({ method: 'POST', path: '/own', body: 'x', headers: { 'content-encoding': 'zip' } });
  expect(asked.map(({ body, problem }) => [body?.toString(), problem?.status])).toEqual([
    ['0123456789', undefined],
    [undefined, 413],
    [undefined, 415],
  ]);
});

test('its failure is that of one request', async () => {
  const { companion: beside } = companion(() => {
    throw new Error('of its own');
  });
  const { call, logged } = await serve([{ handler: says('function') }], { companion: beside });
  expect(await call('/own')).toMatchObject({ status: 500, body: 'of its own' });
  expect(logged).toEqual(['Error: of its own']);
});

test('requests wait until functions may be called', async () => {
  const { companion: beside, open } = companion();
  const env = { FUNC_HEALTH_PATH: '/healthz' };
  const { call } = await serve([{ handler: says('function') }], { companion: beside, env });
  const early = ['/a', '/b'].map((path) => call(path));
  expect((await call('/healthz')).status).toBe(503);
  open();
  expect((await Promise.all(early)).map(({ status, body }) => [status, body])).toEqual([
    [200, 'function'],
    [200, 'function'],
  ]);
  expect((await call('/healthz')).status).toBe(200);
  expect((await call('/c')).body).toBe('function');
});

test('requests are refused when functions never will be called', async () => {
  const { companion: beside, shut } = companion();
  const { call } = await serve([{ handler: says('function') }], { companion: beside });
  const early = call('/a');
  shut();
  const refusal = { status: 503, body: 'The function is not ready, or is ending.' };
  expect(await early).toMatchObject(refusal);
  expect(await call('/b')).toMatchObject(refusal);
  expect((await call('/own')).status).toBe(201);
});

test('a request whose client has left by then is not handled', async () => {
  const { companion: beside, open } = companion();
  const handled: string[] = [];
  const { call, port } = await serve(
    [{ handler: (req: Request, res: Response) => handled.push(req.path) && res.end() }],
    {
      companion: beside,
    },
  );
  const socket = connect(port, '127.0.0.1');
  socket.write('GET /left HTTP/1.1\r\nHost: x\r\n\r\n');
  await call('/own');
  socket.destroy();
  await once(socket, 'close');
  await call('/own');
  open();
  await call('/stayed');
  expect(handled).toEqual(['/stayed']);
});

test('while the server drains it answers, functions do not, and what was in flight ends', async () => {
  const { companion: beside, open } = companion();
  open();
  const inside = Promise.withResolvers<void>();
  const release = Promise.withResolvers<void>();
  const handler = async (_req: Request, res: Response) => {
    inside.resolve();
    await release.promise;
    res.send('finished');
  };
  const { app, call } = await serve([{ handler }], { companion: beside });
  const slow = call('/slow');
  await inside.promise;
  const closed = app.close(5000);
  expect(app.draining).toBe(true);
  expect((await call('/own')).status).toBe(201);
  expect((await call('/late')).status).toBe(503);
  release.resolve();
  expect((await slow).body).toBe('finished');
  expect(await closed).toBe(true);
});

test('a drain lasts as long as it may, and no longer', async () => {
  const { companion: beside, open } = companion();
  open();
  const inside = Promise.withResolvers<void>();
  const { app, call } = await serve([{ handler: () => inside.resolve() }], { companion: beside });
  const stuck = call('/stuck').catch(() => 'cut off');
  await inside.promise;
  expect(await app.close(50)).toBe(false);
  expect(await stuck).toBe('cut off');
});

test('connections that ask for another protocol wait as well, or are refused', async () => {
  for (const opens of [true, false]) {
    const { companion: beside, open, shut } = companion();
    const lifecycle: Setup['lifecycle'] = { upgrade: (_req, socket) => socket.end('taken over') };
    const { call, port } = await serve([{ handler: says('function') }], { companion: beside, lifecycle });
    const socket = connect(port, '127.0.0.1');
    socket.write('GET / HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: other\r\n\r\n');
    await call('/own');
    if (opens) open();
    else shut();
    const [bytes] = (await once(socket, 'data')) as [Buffer];
    expect(bytes.toString()).toContain(opens ? 'taken over' : '503 Service Unavailable');
    socket.destroy();
  }
});

test('declared paths that are taken away are warned of, others are not', async () => {
  const { companion: beside } = companion();
  const { logged } = await serve(
    [
      { name: 'a', handler: says('a'), options: { path: '/own' } },
      { name: 'b', handler: says('b'), options: { path: '/*' } },
      { name: 'c', handler: says('c'), options: { path: '/:any' } },
      { name: 'd', handler: says('d'), options: { path: '/owner' } },
      { name: 'e', handler: says('e') },
    ],
    { companion: beside },
  );
  expect(logged).toEqual([
    'The path /own of the function "a" is in conflict with Beside, which answers /own.',
    'The path /* of the function "b" is in conflict with Beside, which answers /own, /own/deep.',
    'The path /:any of the function "c" is in conflict with Beside, which answers /own.',
  ]);
});
