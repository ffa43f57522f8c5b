import { once } from 'node:events';
import { cpSync, globSync, readFileSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { OPTIONS } from '../../../src/framework/options.ts';
import { ROOT } from '../../support/artefact.ts';
import { runFunction } from '../../support/functions-framework.ts';
import type { Answer, Call } from '../../support/http-call.ts';
import { makeFolder } from '../../support/workspace.ts';

const json = (body: unknown, headers: Record<string, string> = {}): Call => ({
  method: 'POST',
  headers: { 'content-type': 'application/json', ...headers },
  body: JSON.stringify(body),
});
const CE = { 'ce-id': '7', 'ce-source': '//s', 'ce-type': 'com.example.uploaded', 'ce-specversion': '1.0' };

interface Example {
  readonly sample: string;
  readonly args: readonly string[];
  readonly call: Call;
  readonly answer: Partial<Answer>;
}

const examples: Example[] = [
  ...['hello-commonjs', 'hello-esm'].map((sample) => ({
    sample,
    args: ['--target=hello'],
    call: {},
    answer: { status: 200, body: 'Hello, World!\n' },
  })),
  {
    sample: 'hello-typescript',
    args: ['--target=hello'],
    call: { path: '/?name=you' },
    answer: { status: 200, body: expect.stringContaining('"Hello, you!"') },
  },
  {
    sample: 'express',
    args: ['--target=app'],
    call: { path: '/users/5' },
    answer: { status: 200, body: '{"id":"5"}' },
  },
  {
    sample: 'web',
    args: ['--target=default'],
    call: { method: 'POST', path: '/x', body: 'text', headers: { 'content-type': 'text/plain' } },
    answer: { status: 200, body: '{"method":"POST","pathname":"/x","body":"text"}' },
  },
  {
    sample: 'stream',
    args: ['--target=ticks'],
    call: { path: '/?count=2' },
    answer: { status: 200, body: 'data: 1\n\ndata: 2\n\n' },
  },
  {
    sample: 'cloudevent',
    args: [],
    call: json({ name: 'cat' }, CE),
    answer: {
      status: 200,
      body: '{"name":"cat.png"}',
      headers: expect.objectContaining({ 'ce-id': '7-thumbnail', 'ce-type': 'com.example.thumbnail.made' }),
    },
  },
  {
    sample: 'event',
    args: ['--target=audit', '--signature-type=event'],
    call: json({ context: { eventId: '1', eventType: 'google.pubsub.topic.publish' }, data: { data: 'aGk=' } }),
    answer: { status: 200, body: '{"audited":"hi"}' },
  },
  { sample: 'typed', args: [], call: json({ prices: [1, 2.5] }), answer: { status: 200, body: '{"total":3.5}' } },
  {
    sample: 'openfunction',
    args: ['--target=greet', '--signature-type=openfunction'],
    call: json({ name: 'you' }),
    answer: { status: 200, body: '{"greeting":"Hello, you!","function":"greet"}' },
  },
  {
    sample: 'openfunction',
    args: ['--target=greet', '--signature-type=openfunction'],
    call: json({}),
    answer: { status: 422, body: '{"error":"name is missing"}' },
  },
  {
    sample: 'plugin',
    args: ['--target=greet', '--signature-type=openfunction'],
    call: json({ name: 'you' }, { authorization: 'Bearer open-sesame' }),
    answer: {
      status: 200,
      body: '{"greeting":"Hello, you!"}',
      headers: expect.objectContaining({ 'server-timing': expect.stringMatching(/^function;dur=\d/) }),
    },
  },
  {
    sample: 'plugin',
    args: ['--target=greet', '--signature-type=openfunction'],
    call: json({}),
    answer: { status: 401, body: '{"error":"a token is needed"}' },
  },
  {
    sample: 'routes',
    args: [],
    call: { path: '/orders/1' },
    answer: { status: 200, body: '{"id":"1","item":"tea"}' },
  },
  { sample: 'routes', args: [], call: { ...json({ items: [1, 2] }), path: '/price' }, answer: { body: '{"price":4}' } },
  { sample: 'routes', args: [], call: { path: '/health' }, answer: { status: 200, body: 'OK' } },
];

/** A copy outside of this repository, whose package.json would say what kind of modules they are. */
function copyOf(sample: string): { readonly folder: string } {
  const folder = makeFolder();
  cpSync(join(ROOT, 'samples', sample), folder, { recursive: true });
  symlinkSync(join(ROOT, 'node_modules'), join(folder, 'node_modules'));
  return { folder };
}

test.each(examples)('samples/$sample $args answers $call.path', async ({ sample, args, call, answer }) => {
  const serving = await runFunction(copyOf(sample), args);
  expect(await serving.call(call)).toMatchObject(answer);
});

test('samples/websocket talks', async () => {
  const { port } = await runFunction(copyOf('websocket'), ['--target=hello']);
  const client = new WebSocket(`ws://127.0.0.1:${port}/room`);
  const welcome = await once(client, 'message');
  client.send('hi');
  expect([String(welcome[0]), String((await once(client, 'message'))[0])]).toEqual(['Welcome to /room', 'You said hi']);
  client.close();
});

test.each([
  ['functions', 9],
  ['plugins', 3],
])('docs/%s.md shows the samples as they are', (page, least) => {
  const text = readFileSync(join(ROOT, `docs/${page}.md`), 'utf8');
  const shown = [...text.matchAll(/```\w+\n\/\/ (samples\/\S+)\n([^]*?)```/g)];
  const written = shown.map(([, path = '']) => [path, readFileSync(join(ROOT, path), 'utf8')]);
  expect(shown.map(([, path, code]) => [path, code])).toEqual(written);
  expect(shown.length).toBeGreaterThanOrEqual(least);
});

test('docs/functions.md has every option', () => {
  const text = readFileSync(join(ROOT, 'docs/functions.md'), 'utf8');
  const options = Object.values(OPTIONS).map(({ flag, variables }) => [variables.join(', '), `--${flag}`]);
  const rows = [...text.matchAll(/^\| `([A-Z0-9_, ]+)` +\| `(--[a-z0-9-]+)` +\|/gm)].map(([, ...row]) => row);
  expect(rows).toEqual(options);
});

test('every sample is run by a test', () => {
  const samples = globSync('samples/*', {
    cwd: ROOT,
    exclude: ['samples/apisix-*', 'samples/async-*', 'samples/keel-*'],
  }).map((path) => path.slice(8));
  const run = new Set([...examples.map(({ sample }) => sample), 'websocket', 'disk-usage', 'tracing']);
  expect(samples.filter((sample) => !run.has(sample))).toEqual([]);
});
