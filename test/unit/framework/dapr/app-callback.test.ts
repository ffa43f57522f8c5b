import { once } from 'node:events';
import { connect } from 'node:http2';
import { expect, onTestFinished, test } from 'vitest';
import { encodeBindingEventRequest } from '../../../../src/framework/grpc/binding.ts';
import { callUnary } from '../../../../src/framework/grpc/call-unary.ts';
import { APP_CALLBACK_METHODS } from '../../../../src/framework/grpc/methods.ts';
import { GRPC_STATUS } from '../../../../src/framework/grpc/status.ts';
import { serve } from '../../../support/function-server.ts';

const CONTEXT = { runtime: 'Async', inputs: { jobs: { componentName: 'jobs', componentType: 'bindings.x' } } } as const;

async function serveJobs(
  handler: (ctx: unknown, data: unknown) => unknown,
  env: Readonly<Record<string, string>> = {},
) {
  const { port, logged } = await serve(handler, 'openfunction', { context: CONTEXT, env });
  const session = connect(`http://127.0.0.1:${port}`);
  onTestFinished(() => session.destroy());
  const call = (data: unknown) => {
    const message = encodeBindingEventRequest({ name: 'jobs', data: Buffer.from(JSON.stringify(data)) });
    return callUnary(session, APP_CALLBACK_METHODS.onBindingEvent, message);
  };
  return { call, session, logged };
}

test('more calls than are allowed at once are refused', async () => {
  const { promise, resolve } = Promise.withResolvers<void>();
  const { call } = await serveJobs(() => promise, { FUNC_MAX_CONCURRENCY: '1' });
  const first = call(1);
  const second = await call(2);
  resolve();
  expect([(await first).status, second.status]).toEqual([GRPC_STATUS.OK, GRPC_STATUS.UNAVAILABLE]);
  expect((await call(3)).status).toBe(GRPC_STATUS.OK);
});

test('a call that takes longer than is allowed fails', async () => {
  const { call } = await serveJobs(() => new Promise(() => {}), { CLOUD_RUN_TIMEOUT_SECONDS: '1' });
  expect(await call(1)).toMatchObject({
    status: GRPC_STATUS.DEADLINE_EXCEEDED,
    statusMessage: 'the function took more than 1 s',
  });
});

test('a call without the token is refused before anything of its message is read', async () => {
  const { session } = await serveJobs(() => {}, { APP_API_TOKEN: 'secret' });
  const headers = {
    ':method': 'POST',
    ':path': APP_CALLBACK_METHODS.onBindingEvent,
    'content-type': 'application/grpc',
  };
  const stream = session.request(headers);
  stream.write(Buffer.from([0, 0x10, 0, 0, 0]));
  const [answer] = await once(stream, 'response');
  expect(answer).toMatchObject({ 'grpc-status': '16' });
  stream.destroy();
});

test('a function whose result can not be written has succeeded', async () => {
  const { call } = await serveJobs((ctx) => (ctx as { success(data: unknown): unknown }).success({ big: 1n }));
  expect((await call(1)).status).toBe(GRPC_STATUS.OK);
});

test('calls that are cancelled by the hundred leave the connection as it is', async () => {
  const { promise, resolve } = Promise.withResolvers<void>();
  const { call, session } = await serveJobs((_ctx, data) => (data === 'slow' ? promise : undefined));
  const slow = call('slow');
  const headers = {
    ':method': 'POST',
    ':path': APP_CALLBACK_METHODS.onBindingEvent,
    'content-type': 'application/grpc',
  };
  for (let i = 0; i < 3000; i += 1)
    session
      .request(headers)
      .on('error', () => {})
      .close(8);
  expect((await call('next')).status).toBe(GRPC_STATUS.OK);
  resolve();
  expect((await slow).status).toBe(GRPC_STATUS.OK);
});
