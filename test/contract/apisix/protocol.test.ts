import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { frame, KIND } from '../../support/apisix/client.ts';
import { encode } from '../../support/apisix/messages.ts';
import { startGoRunner, startRunner, type TestRunner } from '../../support/apisix/runners.ts';
import { makeFolder } from '../../support/workspace.ts';

const SAY = [['say', '{"body":"hello"}']] as const;
const HELLO = { id: 7, stop: { status: 200, headers: [['X-Resp-A6-Runner', 'Node']], body: 'hello' } };

/** Plugins that wait for what the test does. */
const WAITING = `
const events = new Map();
const gate = (name) => {
  if (!events.has(name)) events.set(name, Promise.withResolvers());
  return events.get(name);
};
export const waiting = {
  name: 'waiting',
  async requestFilter({ until }, writer) {
    await gate(until).promise;
    writer.write(until);
  },
};
export const opening = {
  name: 'opening',
  requestFilter({ gate: name }, writer) {
    gate(name).resolve();
    writer.write('opened');
  },
};
export const pipelined = {
  name: 'pipelined',
  async requestFilter(_conf, writer, request) {
    const parts = await Promise.all([request.var('a'), request.body(), request.var('b'), request.var('a')]);
    writer.write(parts.map(String).join());
  },
};
export const forgetful = {
  name: 'forgetful',
  requestFilter(_conf, writer, request) {
    request.var('a').catch(() => {});
    writer.write('done');
  },
};
export const stopped = {
  name: 'stopped',
  async requestFilter(_conf, _writer, request) {
    await new Promise((resolve) => request.signal.addEventListener('abort', resolve));
    request.log.warn('stopped: ' + request.signal.reason.code);
  },
};
export const large = {
  name: 'large',
  requestFilter({ size }, writer) {
    writer.write(Buffer.alloc(size, 'x'));
  },
};
export const failing = {
  name: 'failing',
  async requestFilter() {
    throw new Error('as it was told');
  },
};
export const bytes = {
  name: 'bytes',
  async requestFilter(_conf, writer, request) {
    writer.headers.append('x-seen', request.headers.bytes('x-latin')[0]);
    writer.headers.append('x-text', request.headers.get('x-latin'));
    writer.write(await request.body());
  },
};
`;

async function startWaiting(): Promise<TestRunner> {
  return startRunner({ args: [join(makeFolder({ 'plugins.mjs': WAITING }), 'plugins.mjs')] });
}

test('frames that trickle in by the byte are answered', async () => {
  const client = await (await startRunner()).connect();
  const token = await client.prepare(SAY);
  client.socket.setNoDelay(true);
  for (const byte of frame(KIND.request, encode('request', { id: 7, conf_token: token }))) {
    client.socket.write(Buffer.from([byte]));
    await new Promise((resolve) => setImmediate(resolve));
  }
  expect((await client.receive())?.kind).toBe(KIND.request);
});

test('a connection that ends within a frame is logged, one between frames is not', async () => {
  const runner = await startRunner();
  const [whole, cut] = await Promise.all([runner.connect(), runner.connect()]);
  await whole.prepare(SAY);
  whole.socket.end();
  await once(whole.socket, 'close');
  expect(runner.child.output()).not.toContain('within a frame');
  cut.socket.end(Buffer.from([2, 0, 0]));
  expect(await runner.child.printed('within a frame')).toContain('A connection ended within a frame.');
});

test('a client that closes its side early still gets its answer', async () => {
  const client = await (await startRunner()).connect();
  const token = await client.prepare(SAY);
  client.socket.end(frame(KIND.request, encode('request', { conf_token: token })));
  expect((await client.receive())?.kind).toBe(KIND.request);
});

test('messages that point out of themselves are a BAD_REQUEST, and the connection goes on', async () => {
  const client = await (await startRunner()).connect();
  const token = await client.prepare(SAY);
  for (const kind of [KIND.prepareConf, KIND.request, KIND.response]) {
    for (const payload of [Buffer.alloc(0), Buffer.alloc(16, 255)]) {
      expect((await client.exchange(kind, payload)).message).toEqual({ error: 'BAD_REQUEST' });
    }
  }
  for (const kind of [0, 3, 5, 255]) {
    expect((await client.exchange(kind, Buffer.alloc(8))).message).toEqual({ error: 'BAD_REQUEST' });
  }
  expect((await client.request(token)).message).toEqual(HELLO);
});

test('Go panics on the same, and closes', async () => {
  const runner = await startGoRunner();
  for (const payload of [Buffer.alloc(0), Buffer.alloc(16, 255)]) {
    const client = await runner.connect();
    expect((await client.exchange(KIND.request, payload)).message).toEqual({ closed: true });
  }
});

test('a frame that is larger than it looks costs nobody anything', async () => {
  const runner = await startRunner();
  const [bad, good] = await Promise.all([runner.connect(), runner.connect()]);
  const token = await good.prepare(SAY);
  // What the check would look for behind the table, readers would look for in front of it, where a list has no end.
  const far = Buffer.alloc(65_864);
  far.writeUInt32LE(33_000, 0);
  far.writeInt32LE(33_000 - 8, 33_000);
  far.writeUInt16LE(6, 8);
  far.writeUInt16LE(32_784, 10);
  far.writeUInt16LE(0x80_00, 12);
  far.writeUInt32LE(4, 33_000 - 0x80_00);
  far.writeUInt32LE(0x7f_ff_ff_ff, 33_000 - 0x80_00 + 4);
  // All entries are one, with a megabyte.
  const one = encode('prepareConf', { conf: [['say', Buffer.alloc(2 ** 20, 'x')]] });
  const list = one.indexOf(Buffer.from([1, 0, 0, 0]), 16);
  const entry = list + 4 + one.readUInt32LE(list + 4);
  const many = Buffer.alloc(one.length + 4 + 4 * 3000);
  one.copy(many);
  const field = Array.from({ length: one.length }, (_, at) => at).find((at) => at + one.readUInt32LE(at) === list) ?? 0;
  many.writeUInt32LE(one.length - field, field);
  many.writeUInt32LE(3000, one.length);
  for (let at = one.length + 4; at < many.length; at += 4) many.writeInt32LE(entry - at, at);
  for (const payload of [far, many]) {
    expect((await bad.exchange(KIND.prepareConf, payload)).message).toEqual({ error: 'BAD_REQUEST' });
    expect((await good.request(token)).message).toEqual(HELLO);
  }
  expect(memoryOf(runner)).toBeLessThan(200);
});

test('Go takes the first piece of a header for a truncated frame', async () => {
  const runner = await startGoRunner();
  const client = await runner.connect();
  const call = frame(KIND.request, encode('request', { id: 7, conf_token: await client.prepare(SAY) }));
  client.socket.write(call.subarray(0, 2));
  // It has read that when it answers another one.
  const other = await runner.connect();
  await other.prepare(SAY);
  client.socket.write(call.subarray(2));
  expect(await client.receive()).toBeUndefined();
});

test('Go sends a reply that is too large with a length that is not its own', async () => {
  const client = await (await startGoRunner()).connect();
  // Of a larger body it reads what is there, and takes that for all.
  const size = 60_000;
  const steps = Array.from({ length: Math.ceil(17_000_000 / size) }, () => ['write body']);
  const token = await client.prepare([['probe', JSON.stringify(steps)]]);
  client.send(KIND.request, encode('request', { conf_token: token }));
  expect((await client.receive())?.kind).toBe(KIND.extraInfo);
  client.send(KIND.extraInfo, encode('told', { result: Buffer.alloc(size, 'x') }));
  const [reply, rest] = [await client.receive(), await client.receive()];
  expect(reply?.payload.length).toBeLessThan(2 ** 21);
  expect(rest?.kind).toBe('x'.codePointAt(0));
});

test('a request that would wait longer than APISIX does is rejected at once', async () => {
  const client = await (await startRunner()).connect();
  const token = await client.prepare([['limit-req', '{"rate": 0.001, "burst": 1}']]);
  expect((await client.request(token)).message).toEqual({ id: 7 });
  expect((await client.request(token)).message).toEqual({ id: 7, stop: { status: 503 } });
});

test('whatever comes, the runner stays, and other connections do not notice', async () => {
  const runner = await startRunner();
  const good = await runner.connect();
  const token = await good.prepare(SAY);
  const whole = encode('request', { id: 7, path: '/p', headers: [['a', 'b']], args: [['c', null]], conf_token: token });
  const garbage = fc.oneof(
    fc.uint8Array({ maxLength: 300 }).map((bytes) => Buffer.from(bytes)),
    fc.tuple(fc.constantFrom(1, 2, 4), fc.nat(whole.length - 1), fc.nat(255)).map(([kind, at, value]) => {
      const bytes = Buffer.from(whole);
      bytes[at] = value;
      return frame(kind, bytes);
    }),
  );
  await fc.assert(
    fc.asyncProperty(garbage, async (bytes) => {
      const bad = await runner.connect();
      bad.socket.end(bytes);
      bad.socket.resume();
      await once(bad.socket, 'close');
    }),
    { numRuns: 500 },
  );
  expect((await good.request(token)).message).toEqual(HELLO);
});

test('a frame of 16777215 bytes is taken, and a reply above that is a SERVICE_UNAVAILABLE', async () => {
  const runner = await startWaiting();
  const client = await runner.connect();
  const most = await client.prepare([['large', '{"size":16776000}']]);
  const large = await client.request(most);
  expect((large.message['stop'] as { body: string }).body.length).toBe(16_776_000);
  const above = await client.prepare([['large', '{"size":16777216}']]);
  expect((await client.request(above)).message).toEqual({ error: 'SERVICE_UNAVAILABLE' });
  expect(runner.child.output()).toContain('OFN-APISIX-REPLY');
  expect((await client.request(await client.prepare(SAY))).message).toEqual(HELLO);
});

test('a configuration is prepared on a second connection while a call waits on the first', async () => {
  const runner = await startWaiting();
  const [first, second] = await Promise.all([runner.connect(), runner.connect()]);
  const slow = first.request(await first.prepare([['waiting', '{"until":"gate"}']]));
  const opened = await second.request(await second.prepare([['opening', '{"gate":"gate"}']]));
  expect(opened.message).toMatchObject({ stop: { body: 'opened' } });
  expect((await slow).message).toMatchObject({ stop: { body: 'gate' } });
});

test('questions are asked at once, each only once, and their answers come in that order', async () => {
  const client = await (await startWaiting()).connect();
  const token = await client.prepare([['pipelined', '{}']]);
  client.send(KIND.request, encode('request', { conf_token: token }));
  const questions = [await client.receive(), await client.receive(), await client.receive()];
  expect(questions.map((question) => question?.kind)).toEqual([3, 3, 3]);
  for (const result of ['A', 'body', undefined]) client.send(KIND.extraInfo, encode('told', { result }));
  const reply = await client.receive();
  expect(reply?.payload.toString('latin1')).toContain('A,body,undefined,A');
});

test('the answer to a question of a call that is over is dropped', async () => {
  const client = await (await startWaiting()).connect();
  const token = await client.prepare([['forgetful', '{}']]);
  for (const _ of [1, 2]) {
    client.send(KIND.request, encode('request', { conf_token: token }));
    expect((await client.receive())?.kind).toBe(KIND.extraInfo);
    expect((await client.receive())?.kind).toBe(KIND.request);
    client.send(KIND.extraInfo, encode('told', { result: 'late' }));
  }
});

test('a call instead of an answer ends the connection, and nothing else', async () => {
  const runner = await startWaiting();
  const client = await runner.connect();
  const token = await client.prepare([['pipelined', '{}']]);
  client.send(KIND.request, encode('request', { conf_token: token }));
  await client.receive();
  client.send(KIND.request, encode('request', { conf_token: token }));
  while ((await client.receive()) !== undefined);
  expect(runner.child.output()).toContain('A frame of the kind 2 came instead of an answer.');
  const other = await runner.connect();
  expect((await other.request(await other.prepare(SAY))).message).toEqual(HELLO);
});

test('calls that come at once are answered one after the other', async () => {
  const runner = await startWaiting();
  const [client, other] = await Promise.all([runner.connect(), runner.connect()]);
  const slow = await client.prepare([['waiting', '{"until":"x"}']]);
  const say = await client.prepare(SAY);
  const calls = [slow, say, say].map((token, id) => frame(KIND.request, encode('request', { id, conf_token: token })));
  client.socket.write(Buffer.concat(calls));
  await other.request(await other.prepare([['opening', '{"gate":"x"}']]));
  const bodies = [await client.receive(), await client.receive(), await client.receive()];
  expect(bodies.map((reply) => reply?.payload.toString('latin1').includes('hello'))).toEqual([false, true, true]);
});

test('a caller that reads nothing keeps neither others waiting nor memory', async () => {
  const runner = await startWaiting();
  const [greedy, other] = await Promise.all([runner.connect(), runner.connect()]);
  const token = await greedy.prepare([['large', '{"size":1000000}']]);
  greedy.socket.pause();
  const calls = Array.from({ length: 200 }, () => frame(KIND.request, encode('request', { conf_token: token })));
  greedy.socket.write(Buffer.concat(calls));
  expect((await other.request(await other.prepare(SAY))).message).toEqual(HELLO);
  expect(memoryOf(runner)).toBeLessThan(250);
  greedy.socket.resume();
  for (const _ of calls) expect((await greedy.receive())?.payload.length).toBeGreaterThan(1_000_000);
});

test('neither calls nor broken connections leave anything in memory', { timeout: 120_000 }, async () => {
  const runner = await startWaiting();
  const client = await runner.connect();
  const [say, asking] = [await client.prepare(SAY), await client.prepare([['pipelined', '{}']])];
  const batch = async (): Promise<number> => {
    for (let i = 0; i < 200; i += 1) {
      const [bad, gone] = await Promise.all([runner.connect(), runner.connect()]);
      bad.socket.end(frame(KIND.request, Buffer.alloc(50_000, i)).subarray(0, 30_000 + i));
      // It goes away without having answered.
      gone.send(KIND.request, encode('request', { conf_token: asking }));
      await gone.receive();
      gone.socket.destroy();
      await Promise.all([once(bad.socket, 'close'), client.prepare([['say', `{"body":"${i}"}`]], 'k')]);
      for (let call = 0; call < 20; call += 1) await client.request(say);
    }
    return memoryOf(runner);
  };
  await batch();
  const before = await batch();
  expect((await batch()) - before).toBeLessThan(15);
});

/** Mebibytes of a process in memory. */
function memoryOf({ child }: TestRunner): number {
  return Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${child.pid}/status`, 'utf8'))?.[1]) / 1024;
}

test('a connection that is closed aborts its call', async () => {
  const runner = await startWaiting();
  const client = await runner.connect();
  const token = await client.prepare([['stopped', '{}']]);
  client.send(KIND.request, encode('request', { conf_token: token }));
  // The call is running when another one of the same connection would be.
  await (await runner.connect()).prepare(SAY);
  client.socket.destroy();
  expect(await runner.child.printed('stopped:')).toContain('stopped: OFN-APISIX-CLOSED');
});

test('a plugin that rejects is a SERVICE_UNAVAILABLE, logged with its name, the request and the stack', async () => {
  const runner = await startWaiting();
  const client = await runner.connect();
  const reply = await client.request(await client.prepare([['failing', '{}']]), { id: 42 });
  expect(reply.message).toEqual({ error: 'SERVICE_UNAVAILABLE' });
  const printed = await runner.child.printed(/plugins\.mjs:\d+/);
  expect(printed).toContain('Request 42: The plugin "failing" failed. Error: as it was told');
});

test('bytes that are no UTF-8 go through as they are', async () => {
  const client = await (await startWaiting()).connect();
  const token = await client.prepare([['bytes', '{}']]);
  const latin = Buffer.from([0x63, 0xe9]);
  const headers = [['x-latin', latin]] as const;
  client.send(KIND.request, encode('request', { headers, conf_token: token }));
  await client.receive();
  client.send(KIND.extraInfo, encode('told', { result: Buffer.from([0, 255, 128]) }));
  const payload = (await client.receive())?.payload ?? Buffer.alloc(0);
  expect(payload.includes(latin)).toBe(true);
  expect(payload.includes(Buffer.from('cé'))).toBe(true);
  expect(payload.includes(Buffer.from([0, 255, 128]))).toBe(true);
});

test('tokens: the same for a key and its values, others for other values, unknown after a restart', async () => {
  const runner = await startRunner();
  const client = await runner.connect();
  const token = await client.prepare(SAY, 'route#1#ext-plugin-pre-req#1');
  expect(await client.prepare(SAY, 'route#1#ext-plugin-pre-req#1')).toBe(token);
  const other = await client.prepare([['say', '{"body":"other"}']], 'route#1#ext-plugin-pre-req#1');
  expect(other).not.toBe(token);
  // Workers that hold the token before are still served.
  expect((await client.request(token)).message).toEqual(HELLO);
  expect(await client.prepare(SAY)).not.toBe(await client.prepare(SAY));

  const path = runner.path;
  runner.child.kill('SIGKILL');
  await runner.child.ended;
  const again = await (await startRunner({ path })).connect();
  await again.prepare([['say', '{"body":"another route"}']], 'route#2');
  expect((await again.request(token)).message).toEqual({ error: 'CONF_TOKEN_NOT_FOUND' });
});

test('Go counts tokens from 1, so that one of a runner before means another route', async () => {
  const client = await (await startGoRunner()).connect();
  expect(await client.prepare(SAY, 'route#2')).toBe(1);
  expect(await client.prepare([['say', '{"body":"other"}']], 'route#2')).toBe(1);
});
