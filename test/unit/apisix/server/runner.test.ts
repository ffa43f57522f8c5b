import { existsSync } from 'node:fs';
import { connect } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { definePlugin, type Plugin } from '../../../../src/apisix/plugin.ts';
import { byName } from '../../../../src/apisix/plugins-by-name.ts';
import { createRunner, type RunnerOptions } from '../../../../src/apisix/server/runner.ts';
import { KIND, RunnerClient } from '../../../support/apisix/client.ts';
import { encode } from '../../../support/apisix/messages.ts';
import { failureOf } from '../../../support/failure.ts';
import { makeFolder } from '../../../support/workspace.ts';

/** A runner in this process, and a connection to it. */
async function listen(plugins: readonly Plugin[], more: Partial<RunnerOptions> = {}) {
  const logged: string[] = [];
  const write = (line: string): void => void logged.push(line);
  const log = { debug: write, info: write, warn: write, error: write };
  const runner = createRunner({ plugins: byName(plugins), log, ttl: 10_000, firstToken: 7, ...more });
  const path = join(makeFolder(), 'runner.sock');
  await runner.listen(path);
  onTestFinished(async () => void (await runner.close(0)));
  return { runner, path, logged, client: await RunnerClient.connect(path) };
}

test('a filter that takes too long is answered for and aborted, and the connection goes on', async () => {
  const reasons: unknown[] = [];
  const slow = definePlugin({
    name: 'slow',
    async requestFilter(isSlow, writer, request) {
      if (isSlow === true) {
        await new Promise((resolve) => request.signal.addEventListener('abort', resolve));
        reasons.push(Reflect.get(Object(request.signal.reason), 'code'));
        // It is over: nothing can be asked any more.
        await request.var('a').catch((error: unknown) => reasons.push(Reflect.get(Object(error), 'code')));
      }
      writer.write('done');
    },
  });
  const { client, logged } = await listen([slow], { deadline: 40 });
  const late = await client.request(await client.prepare([['slow', 'true']]), { id: 9 });
  expect(late.message).toEqual({ error: 'SERVICE_UNAVAILABLE' });
  expect((await client.request(await client.prepare([['slow', 'false']]))).message).toMatchObject({
    stop: { body: 'done' },
  });
  expect(reasons).toEqual(['OFN-APISIX-DEADLINE', 'OFN-APISIX-CLOSED']);
  expect(logged.join('\n')).toContain('Request 9: ERROR [OFN-APISIX-DEADLINE]');
});

test('a chain ends with its time, and the log has the plugin that took it', async () => {
  const ran: string[] = [];
  const step = definePlugin({
    name: 'slow',
    async requestFilter(_conf, _writer, { signal }) {
      await new Promise((resolve) => signal.addEventListener('abort', resolve));
    },
  });
  const second = definePlugin({ name: 'second', requestFilter: () => void ran.push('second') });
  const { client, logged } = await listen([step, second], { deadline: 40 });
  const conf = [
    ['slow', '{}'],
    ['second', '{}'],
  ] as const;
  expect((await client.request(await client.prepare(conf))).message).toEqual({ error: 'SERVICE_UNAVAILABLE' });
  await client.prepare([]);
  expect(ran).toEqual([]);
  expect(logged.join('\n')).toContain('the plugin "slow" any longer than 0.04 s');
});

test('a failure of a plugin is logged with the line where it was, be it one of ours', async () => {
  const careless = definePlugin({
    name: 'careless',
    requestFilter(conf, writer) {
      // oxlint-disable-next-line typescript/only-throw-error -- plugins may
      if (conf === 'odd') throw { code: 1 };
      writer.writeHeader(99);
    },
  });
  const { client, logged } = await listen([careless]);
  const [ours, odd] = [await client.prepare([['careless', '{}']]), await client.prepare([['careless', '"odd"']])];
  for (const token of [ours, odd]) {
    expect((await client.request(token)).message).toEqual({ error: 'SERVICE_UNAVAILABLE' });
  }
  const [first, second] = logged.filter((line) => line.includes('failed'));
  expect(first).toMatch(/The plugin "careless" failed\. .*the status 99.*runner\.test\.ts:\d+.*\[OFN-APISIX-REPLY\]/s);
  expect(second).toContain('The plugin "careless" failed. { code: 1 }');
});

test('a client that goes away while a filter waits is one quiet line', async () => {
  const waiting = definePlugin({
    name: 'waiting',
    requestFilter: (_conf, _writer, { signal }) => pause(60_000, undefined, { signal }),
  });
  const { client, logged } = await listen([waiting]);
  const token = await client.prepare([['waiting', '{}']]);
  client.send(KIND.request, encode('request', { id: 5, conf_token: token }));
  client.socket.end();
  await expect.poll(() => logged.filter((line) => line.startsWith('Request 5'))).toHaveLength(1);
  expect(logged.join('\n')).toContain('Request 5: The connection was closed while the plugin "waiting" ran.');
});

test('a configuration is disposed of when the last call with it has ended', async () => {
  const events: string[] = [];
  const gate = Promise.withResolvers<void>();
  const holder = definePlugin({
    name: 'holder',
    async requestFilter() {
      await gate.promise;
      events.push('ran');
    },
    dispose: () => void events.push('disposed'),
  });
  const { client, path } = await listen([holder], { limit: 1 });
  const call = client.request(await client.prepare([['holder', '{}']]));
  // The first one has to go for this one.
  const other = await (await RunnerClient.connect(path)).prepare([['holder', '{}']]);
  expect([other > 0, events]).toEqual([true, []]);
  gate.resolve();
  await call;
  await expect.poll(() => events).toEqual(['ran', 'disposed']);
});

test('a year is no time that is too long', async () => {
  const warnings: Error[] = [];
  const note = (warning: Error): void => void warnings.push(warning);
  process.on('warning', note);
  await listen([], { ttl: 31_536_000_000 });
  await pause(1);
  process.off('warning', note);
  expect(warnings).toEqual([]);
});

test('calls that come while it closes are answered, on connections old and new, until its time is over', async () => {
  const say = definePlugin({ name: 'say', requestFilter: (_conf, writer) => writer.write('hello') });
  const { client, runner, path } = await listen([say]);
  const token = await client.prepare([['say', '{}']]);
  const late = connect(path);
  const closing = runner.close(300);
  const other = await RunnerClient.over(late);
  for (const each of [client, other, client]) {
    expect((await each.request(token)).message).toMatchObject({ stop: { body: 'hello' } });
  }
  client.socket.end();
  other.socket.end();
  expect(await closing).toBe(true);
});

test('with stopOnFirstChange the first plugin that changes a response is the last', async () => {
  const add = definePlugin({
    name: 'add',
    parseConf: (value) => value,
    responseFilter(name, response) {
      void response.headers.get('a');
      if (name !== '') response.headers.set(name, '1');
    },
  });
  const conf = [
    ['add', ''],
    ['add', 'x'],
    ['add', 'y'],
  ] as const;
  const { client } = await listen([add], { stopOnFirstChange: true });
  const reply = await client.response(await client.prepare(conf));
  expect(reply.message).toEqual({ id: 7, headers: [['x', '1']] });
});

test('configurations that nobody asks for are dropped, and their plugins free what they hold', async () => {
  const disposed: unknown[] = [];
  const holder = definePlugin({ name: 'holder', requestFilter() {}, dispose: (conf) => void disposed.push(conf) });
  const { client } = await listen([holder], { ttl: 50 });
  const token = await client.prepare([['holder', '1']]);
  await expect.poll(() => disposed).toEqual([1]);
  expect((await client.request(token)).message).toEqual({ error: 'CONF_TOKEN_NOT_FOUND' });
});

test('closing frees what plugins hold, and removes the socket', async () => {
  const disposed: unknown[] = [];
  const holder = definePlugin({ name: 'holder', requestFilter() {}, dispose: (conf) => void disposed.push(conf) });
  const { client, runner, path } = await listen([holder]);
  await client.prepare([['holder', '1']]);
  expect(await runner.close(100)).toBe(true);
  expect(disposed).toEqual([1]);
  expect(existsSync(path)).toBe(false);
  expect(await client.receive()).toBeUndefined();
});

test.each([
  ['no name', [{}]],
  ['a filter that is none', [{ name: 'a', requestFilter: 1 }]],
  ['no filter', [{ name: 'a', dispose() {} }]],
  ['a misspelt filter', [{ name: 'a', request_filter() {} }]],
  ['nothing of an object', ['a']],
  [
    'two of one name',
    [
      { name: 'a', parseConf() {} },
      { name: 'a', parseConf() {} },
    ],
  ],
])('plugins with %s are refused', async (_, plugins) => {
  expect(await failureOf(() => byName(plugins))).toMatchSnapshot();
});
