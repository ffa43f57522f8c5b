import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { definePlugin, type Plugin } from '../../../../src/apisix/plugin.ts';
import { byName } from '../../../../src/apisix/plugins-by-name.ts';
import { createRunner, type RunnerOptions } from '../../../../src/apisix/server/runner.ts';
import { RunnerClient } from '../../../support/apisix/client.ts';
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
  const holder = definePlugin({ name: 'holder', dispose: (conf) => void disposed.push(conf) });
  const { client } = await listen([holder], { ttl: 50 });
  const token = await client.prepare([['holder', '1']]);
  await expect.poll(() => disposed).toEqual([1]);
  expect((await client.request(token)).message).toEqual({ error: 'CONF_TOKEN_NOT_FOUND' });
});

test('closing frees what plugins hold, and removes the socket', async () => {
  const disposed: unknown[] = [];
  const holder = definePlugin({ name: 'holder', dispose: (conf) => void disposed.push(conf) });
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
  ['two of one name', [{ name: 'a' }, { name: 'a' }]],
])('plugins with %s are refused', async (_, plugins) => {
  expect(await failureOf(() => byName(plugins))).toMatchSnapshot();
});
