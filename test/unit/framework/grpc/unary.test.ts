import { once } from 'node:events';
import http2 from 'node:http2';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';
import * as grpc from '@grpc/grpc-js';
import fc from 'fast-check';
import { afterEach, describe, expect, test } from 'vitest';
import { callUnary } from '../../../../src/framework/grpc/call-unary.ts';
import { encodeFrame } from '../../../../src/framework/grpc/frame.ts';
import { serveUnary, type UnaryHandler } from '../../../../src/framework/grpc/serve-unary.ts';
import { GRPC_STATUS, GrpcError } from '../../../../src/framework/grpc/status.ts';

const closers: (() => unknown)[] = [];

afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

/** Our server, with one method. */
async function serve(handle: UnaryHandler | undefined, maxSize?: number) {
  const server = http2.createServer();
  const sessions = new Set<http2.ServerHttp2Session>();
  server.on('session', (session) => sessions.add(session));
  server.on('stream', (stream, headers) => {
    serveUnary(stream, headers, headers[':path'] === '/test.Test/Call' ? handle : undefined, maxSize);
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const { port } = server.address() as AddressInfo;
  closers.push(() => {
    for (const session of sessions) session.destroy();
    return new Promise((resolve) => server.close(resolve));
  });
  return { port, sessions };
}

/** A session of ours with a server. */
function connect(port: number) {
  const session = http2.connect(`http://127.0.0.1:${port}`);
  session.on('error', () => {});
  closers.push(() => session.destroy());
  return session;
}

/** The client of grpc-js. */
function connectGrpc(port: number, options: grpc.ChannelOptions = {}) {
  const client = new grpc.Client(`127.0.0.1:${port}`, grpc.credentials.createInsecure(), {
    'grpc.max_send_message_length': -1,
    ...options,
  });
  closers.push(() => client.close());
  return client;
}

const same = (bytes: Buffer): Buffer => bytes;

/** Calls a method with grpc-js: the answer as text or the failure. */
function call(client: grpc.Client, message: Buffer, { path = '/test.Test/Call', timeout = 5000 } = {}) {
  const { promise, resolve } = Promise.withResolvers<{ code: number; text: string }>();
  const deadline = Date.now() + timeout;
  const making = client.makeUnaryRequest<Buffer, Buffer>(path, same, same, message, { deadline }, (error, answer) => {
    resolve(error === null ? { code: 0, text: String(answer) } : { code: error.code, text: error.details });
  });
  return Object.assign(promise, { cancel: () => making.cancel() });
}

const echo: UnaryHandler = (message) => message;

describe('the client of grpc-js', () => {
  test.each([
    ['nothing', 0],
    ['a byte', 1],
    ['more than a frame of HTTP/2', 20_000],
    ['a megabyte', 1_000_000],
  ])('gets %s back', async (_, size) => {
    const { port } = await serve(async (message) => {
      await sleep(1);
      return message;
    });
    const text = 'x'.repeat(size);
    expect(await call(connectGrpc(port), Buffer.from(text))).toEqual({ code: 0, text });
  });

  test('gets a hundred answers at once', async () => {
    const { port } = await serve(echo);
    const client = connectGrpc(port);
    const answers = await Promise.all(Array.from({ length: 100 }, (_, index) => call(client, Buffer.from(`${index}`))));
    expect(answers.map(({ text }) => text)).toEqual(Array.from({ length: 100 }, (_, index) => `${index}`));
  });

  test('sends with gzip', async () => {
    let encoding: unknown;
    const { port } = await serve((message, { headers }) => {
      encoding = headers['grpc-encoding'];
      return message;
    });
    const client = connectGrpc(port, { 'grpc.default_compression_algorithm': grpc.compressionAlgorithms.gzip });
    const text = 'x'.repeat(100_000);
    expect(await call(client, Buffer.from(text))).toEqual({ code: 0, text });
    expect(encoding).toBe('gzip');
    expect(await call(client, Buffer.alloc(5_000_000))).toEqual({
      code: 8,
      text: 'a message is larger than 4194304 bytes',
    });
  });

  test('hears that it sends with something else', async () => {
    const { port } = await serve(echo);
    const client = connectGrpc(port, { 'grpc.default_compression_algorithm': grpc.compressionAlgorithms.deflate });
    const text = 'grpc-encoding "deflate" is not served';
    expect(await call(client, Buffer.alloc(1000))).toEqual({ code: 12, text });
  });

  test('hears what a handler throws', async () => {
    const { port } = await serve(async (message) => {
      if (message.length === 1) throw new GrpcError(GRPC_STATUS.NOT_FOUND, 'no such\nthing: ü');
      throw new Error('broken');
    });
    const client = connectGrpc(port);
    expect(await call(client, Buffer.from('1'))).toEqual({ code: 5, text: 'no such\nthing: ü' });
    expect(await call(client, Buffer.from('22'))).toEqual({ code: 2, text: 'broken' });
  });

  test('hears what a handler throws at once', async () => {
    const { port } = await serve(() => {
      throw new Error('x'.repeat(200_000));
    });
    expect(await call(connectGrpc(port), Buffer.from('1'))).toEqual({ code: 2, text: `${'x'.repeat(1024)}...` });
  });

  test('hears that a method is unknown, large as its message may be', async () => {
    const { port } = await serve(echo);
    const client = connectGrpc(port);
    for (const size of [0, 10_000_000]) {
      const text = 'unknown method /test.Test/Other';
      expect(await call(client, Buffer.alloc(size), { path: '/test.Test/Other' })).toEqual({ code: 12, text });
    }
    expect(await call(client, Buffer.from('after'))).toEqual({ code: 0, text: 'after' });
  });

  test('hears that a message is too large, and can go on', async () => {
    const { port } = await serve(echo, 1000);
    const client = connectGrpc(port);
    for (const size of [1001, 10_000_000]) {
      expect(await call(client, Buffer.alloc(size))).toEqual({ code: 8, text: 'a message is larger than 1000 bytes' });
    }
    expect(await call(client, Buffer.from('after'))).toEqual({ code: 0, text: 'after' });
  });

  test('cancels, which aborts the signal and harms nobody', async () => {
    const aborted = Promise.withResolvers<unknown>();
    const { port } = await serve(async (message, { signal }) => {
      if (message.length === 0) return message;
      signal.addEventListener('abort', () => aborted.resolve(signal.reason));
      cancelled.cancel();
      await aborted.promise;
      return message;
    });
    const client = connectGrpc(port);
    const cancelled = call(client, Buffer.from('cancel'));
    expect(await cancelled).toMatchObject({ code: 1 });
    expect(await aborted.promise).toEqual(new GrpcError(1, 'the client cancelled the call'));
    expect(await call(client, Buffer.alloc(0))).toEqual({ code: 0, text: '' });
  });

  test('has a deadline, which aborts the signal', async () => {
    const aborted = Promise.withResolvers<unknown>();
    const { port } = await serve(async (message, { signal }) => {
      signal.addEventListener('abort', () => aborted.resolve(signal.reason));
      await aborted.promise;
      await sleep(50);
      return message;
    });
    expect(await call(connectGrpc(port), Buffer.alloc(1), { timeout: 100 })).toMatchObject({ code: 4 });
    expect(await aborted.promise).toBeInstanceOf(GrpcError);
  });
});

describe('a client with strange requests', () => {
  /** The headers of the answer to a request. */
  async function request(port: number, headers: http2.OutgoingHttpHeaders, body?: Buffer) {
    const stream = connect(port).request({
      ':method': 'POST',
      ':path': '/test.Test/Call',
      'content-type': 'application/grpc',
      ...headers,
    });
    stream.on('error', () => {});
    const answer = once(stream, 'response');
    stream.end(body).resume();
    const [response] = (await answer) as [http2.IncomingHttpHeaders & http2.IncomingHttpStatusHeader];
    return { http: response[':status'], status: response['grpc-status'], message: response['grpc-message'] };
  }

  test.each<[string, http2.OutgoingHttpHeaders, Buffer | undefined, unknown, unknown?]>([
    ['no POST', { ':method': 'GET' }, undefined, 405],
    ['no type', { 'content-type': '' }, undefined, 415],
    ['grpc-web', { 'content-type': 'application/grpc-web' }, undefined, 415],
    ['JSON', { 'content-type': 'application/grpc+json' }, undefined, 415],
    ['Protocol Buffers by name', { 'content-type': 'application/grpc+proto' }, encodeFrame(Buffer.alloc(0)), 200],
    ['no message', {}, undefined, 200, '12'],
    ['two messages', {}, Buffer.alloc(10), 200, '12'],
    ['half a message', {}, Buffer.alloc(3), 200, '13'],
    ['compression without a name', {}, Buffer.from([1, 0, 0, 0, 0]), 200, '13'],
    ['no gzip', { 'grpc-encoding': 'gzip' }, Buffer.from([1, 0, 0, 0, 1, 5]), 200, '13'],
    ['no timeout', { 'grpc-timeout': 'soon' }, encodeFrame(Buffer.alloc(0)), 200, '13'],
  ])('%s', async (_, headers, body, http, status) => {
    const { port } = await serve(echo);
    expect(await request(port, headers, body)).toMatchObject({ http, status });
  });

  test('an encoding that is not served is told which are', async () => {
    const { port } = await serve(echo);
    const stream = connect(port).request({
      ':method': 'POST',
      'content-type': 'application/grpc',
      'grpc-encoding': 'snappy',
    });
    const [response] = (await once(stream, 'response')) as [http2.IncomingHttpHeaders];
    expect(response).toMatchObject({ 'grpc-status': '12', 'grpc-accept-encoding': 'identity,gzip' });
    await once(stream.resume(), 'close');
  });

  test('a bomb is bounded', async () => {
    const { port } = await serve(echo, 100_000);
    const bomb = gzipSync(Buffer.alloc(50_000_000));
    const frame = encodeFrame(bomb);
    frame[0] = 1;
    expect(await request(port, { 'grpc-encoding': 'gzip' }, frame)).toMatchObject({ status: '8' });
  });

  test('nobody waits for an answer to noise, and the server lives', async () => {
    const { port } = await serve(echo, 100);
    const property = fc.asyncProperty(fc.uint8Array({ maxLength: 50 }), async (noise) => {
      expect((await request(port, {}, Buffer.from(noise))).http).toBe(200);
    });
    await fc.assert(property, { numRuns: 100 });
  });

  test('a reset at any moment harms nobody', async () => {
    const { port } = await serve(async (message) => {
      await sleep(2);
      return message;
    });
    const session = connect(port);
    const frame = encodeFrame(Buffer.alloc(100_000));
    for (let delay = 0; delay < 12; delay++) {
      const stream = session.request({
        ':method': 'POST',
        ':path': '/test.Test/Call',
        'content-type': 'application/grpc',
      });
      stream.on('error', () => {});
      if (delay % 2 === 0) stream.end(frame);
      else stream.write(frame.subarray(0, 50_000));
      await sleep(delay / 2);
      stream.close(delay % 3 === 0 ? 0 : 8);
    }
    expect(await callUnary(session, '/test.Test/Call', Buffer.from('after'))).toMatchObject({ status: 0 });
  });
});

describe('our client', () => {
  /** The server of grpc-js with one method. */
  async function serveGrpc(handle: grpc.handleUnaryCall<Buffer, Buffer>) {
    const server = new grpc.Server();
    const shared = { requestStream: false, responseStream: false } as const;
    const codec = {
      requestSerialize: same,
      requestDeserialize: same,
      responseSerialize: same,
      responseDeserialize: same,
    };
    server.addService({ Call: { path: '/test.Test/Call', ...shared, ...codec } }, { Call: handle });
    const port = await new Promise<number>((resolve, reject) => {
      server.bindAsync('127.0.0.1:0', grpc.ServerCredentials.createInsecure(), (error, port) =>
        error === null ? resolve(port) : reject(error),
      );
    });
    closers.push(() => server.forceShutdown());
    return port;
  }

  test.each([0, 1, 20_000, 1_000_000])('gets %s bytes back from the server of grpc-js', async (size) => {
    const port = await serveGrpc(({ request }, done) => done(null, request));
    const message = Buffer.alloc(size, 'x');
    expect(await callUnary(connect(port), '/test.Test/Call', message)).toEqual({
      message,
      status: 0,
      statusMessage: '',
    });
  });

  test('sends metadata', async () => {
    const port = await serveGrpc(({ metadata }, done) => done(null, Buffer.from(String(metadata.get('who')))));
    const { message } = await callUnary(connect(port), '/test.Test/Call', Buffer.alloc(0), { who: 'me' });
    expect(String(message)).toBe('me');
  });

  test('hears of failures', async () => {
    const port = await serveGrpc((_, done) => done({ code: grpc.status.NOT_FOUND, details: 'no ü' }));
    const session = connect(port);
    const failure = { message: undefined, status: 5, statusMessage: 'no ü' };
    expect(await callUnary(session, '/test.Test/Call', Buffer.alloc(0))).toEqual(failure);
    expect(await callUnary(session, '/test.Test/Other', Buffer.alloc(0))).toMatchObject({ status: 12 });
  });

  test('cancels in time', async () => {
    const cancelled = Promise.withResolvers<boolean>();
    const port = await serveGrpc((call) => call.on('cancelled', () => cancelled.resolve(true)));
    expect(await callUnary(connect(port), '/test.Test/Call', Buffer.alloc(0), { 'grpc-timeout': '50m' })).toEqual({
      message: undefined,
      status: 4,
      statusMessage: 'the deadline of the call has passed',
    });
    expect(await cancelled.promise).toBe(true);
  });

  test('hears of our own server', async () => {
    const { port } = await serve((message) => {
      if (message.length > 0) throw new GrpcError(GRPC_STATUS.UNAVAILABLE, 'later');
      return Buffer.from('answer');
    });
    const session = connect(port);
    expect(await callUnary(session, '/test.Test/Call', Buffer.alloc(0))).toMatchObject({ status: 0 });
    expect(await callUnary(session, '/test.Test/Call', Buffer.alloc(1))).toMatchObject({ statusMessage: 'later' });
    expect(await callUnary(session, '/test.Test/Call', Buffer.alloc(5_000_000))).toMatchObject({ status: 8 });
  });

  /** A server that answers in its own way. */
  async function serveStrange(onStream: (stream: http2.ServerHttp2Stream) => void) {
    const server = http2.createServer().on('stream', (stream) => {
      stream.on('error', () => {}).resume();
      onStream(stream);
    });
    await once(server.listen(0, '127.0.0.1'), 'listening');
    closers.push(() => void server.close());
    return callUnary(connect((server.address() as AddressInfo).port), '/test.Test/Call', Buffer.alloc(0));
  }

  test.each<[string, (stream: http2.ServerHttp2Stream) => void, number, string]>([
    [
      'another status of HTTP',
      (stream) => stream.respond({ ':status': 503 }, { endStream: true }),
      14,
      'the status of HTTP is 503',
    ],
    [
      'no status',
      (stream) => stream.respond({ ':status': 200 }, { endStream: true }),
      13,
      'the stream was closed with code 0',
    ],
    ['a status that is none', (stream) => stream.respond({ 'grpc-status': 'x' }, { endStream: true }), 2, ''],
    [
      'OK without a message',
      (stream) => stream.respond({ 'grpc-status': '0' }, { endStream: true }),
      12,
      'the answer has no message',
    ],
    ['a refused stream', (stream) => stream.close(7), 14, 'the stream was closed with code 7'],
    ['a reset', (stream) => stream.close(2), 13, 'the stream was closed with code 2'],
    ['a closed connection', (stream) => stream.session?.socket.destroy(), 14, 'the connection is closed'],
    [
      'a message that is none',
      (stream) => {
        stream.respond();
        stream.end(Buffer.from([7, 0, 0, 0, 0]));
      },
      13,
      '7 is no flag of a message',
    ],
  ])('gives a status for %s', async (_, onStream, status, statusMessage) => {
    expect(await serveStrange(onStream)).toEqual({ message: undefined, status, statusMessage });
  });

  test('gives a status when nobody listens, and for a session that has ended', async () => {
    const session = connect(1);
    const failed = await callUnary(session, '/test.Test/Call', Buffer.alloc(0));
    expect(failed).toMatchObject({ status: 14, statusMessage: expect.stringContaining('ECONNREFUSED') as string });
    expect(await callUnary(session, '/test.Test/Call', Buffer.alloc(0))).toMatchObject({ status: 14 });
  });
});
