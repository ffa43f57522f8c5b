import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { execa } from 'execa';
import { expect, test } from 'vitest';
import { artefact } from '../../support/artefact.ts';
import { frame, KIND, RunnerClient } from '../../support/apisix/client.ts';
import { encode } from '../../support/apisix/messages.ts';
import { startRunner } from '../../support/apisix/runners.ts';
import { start } from '../../support/process.ts';
import { makeFolder } from '../../support/workspace.ts';

const SAY = [['say', '{"body":"hello"}']] as const;
const SLOW = `export const slow = {
  name: 'slow',
  async requestFilter({ milliseconds }, writer) {
    await new Promise((resolve) => setTimeout(resolve, milliseconds));
    writer.write('slept');
  },
};`;

/** Runs the command until it ends. */
async function run(args: readonly string[], env: Record<string, string> = {}) {
  const { exitCode, all } = await execa('node', [artefact('bin/ofn-runner.js'), ...args], {
    env,
    all: true,
    reject: false,
    cwd: makeFolder(),
  });
  return `${exitCode}: ${all}`;
}

test('version tells that of the package', async () => {
  const { version } = JSON.parse(readFileSync(artefact('package.json'), 'utf8')) as { version: string };
  expect(await run(['version'])).toBe(`0: version ${version}`);
  expect(await run(['version', '--long'])).toContain(`node ${process.version}`);
});

test.each<[string, readonly string[], Record<string, string>]>([
  ['no address', [], {}],
  ['an address that is none of a socket', [], { APISIX_LISTEN_ADDRESS: '127.0.0.1:80' }],
  ['an address that is not absolute', [], { APISIX_LISTEN_ADDRESS: 'unix:runner.sock' }],
  ['a path that is too long', [], { APISIX_LISTEN_ADDRESS: `unix:/tmp/${'x'.repeat(110)}.sock` }],
  ['a path in no folder', [], { APISIX_LISTEN_ADDRESS: 'unix:/nowhere/runner.sock' }],
  ['a path that is a file', [], { APISIX_LISTEN_ADDRESS: 'unix:/etc/hostname' }],
  ['a path in a file', [], { APISIX_LISTEN_ADDRESS: 'unix:/etc/hostname/runner.sock' }],
  ['a time that is no number', [], { APISIX_LISTEN_ADDRESS: 'unix:/tmp/x', APISIX_CONF_EXPIRE_TIME: 'soon' }],
  ['no time', [], { APISIX_LISTEN_ADDRESS: 'unix:/tmp/x', APISIX_CONF_EXPIRE_TIME: '0' }],
  ['a mode that is none', ['-m', 'fast'], {}],
  ['plugins that are not there', ['/nowhere'], { APISIX_LISTEN_ADDRESS: 'unix:/tmp/x' }],
])('it does not start with %s', async (_, args, env) => {
  const text = await run(['run', ...args], env);
  expect(
    text
      .split('\n')
      .filter((line) => !/\t(?:INFO|WARN)\t/.test(line))
      .join('\n')
      .replaceAll(/\.[0-9a-f]{8}\b/g, '.<random>'),
  ).toMatchSnapshot();
});

test('a path that can not be had is refused, and nothing is left behind', async () => {
  const folder = makeFolder();
  symlinkSync('loop', join(folder, 'loop'));
  const before = readdirSync(folder);
  for (const path of ['loop/runner.sock', 'runner/']) {
    const text = await run(['run'], { APISIX_LISTEN_ADDRESS: `unix:${join(folder, path)}` });
    expect(text).toContain(`ERROR [OFN-APISIX-LISTEN] Couldn't listen at ${join(folder, path)}`);
  }
  expect(readdirSync(folder)).toEqual(before);
});

test('the socket can be written to by everybody, and what a runner before left there is replaced', async () => {
  const runner = await startRunner();
  expect((statSync(runner.path).mode & 0o777).toString(8)).toBe('766');
  runner.child.kill('SIGKILL');
  await runner.child.ended;
  expect(existsSync(runner.path)).toBe(true);
  const next = await startRunner({ path: runner.path });
  expect((await (await next.connect()).prepare(SAY)) > 0).toBe(true);
});

test('a new runner takes the path before the old one ends, and keeps it', async () => {
  const old = await startRunner();
  const held = await old.connect();
  const token = await held.prepare(SAY);
  const next = await startRunner({ path: old.path });
  // Connections of the one before go on.
  expect((await held.request(token)).kind).toBe(KIND.request);
  const client = await RunnerClient.connect(old.path);
  const prepared = await client.prepare(SAY);
  old.child.kill('SIGTERM');
  expect((await old.child.ended).exitCode).toBe(0);
  expect(existsSync(old.path)).toBe(true);
  expect((await client.request(prepared)).kind).toBe(KIND.request);
  expect(await (await RunnerClient.connect(old.path)).prepare(SAY)).toBeGreaterThan(0);
  next.child.kill('SIGTERM');
  await next.child.ended;
  expect(existsSync(old.path)).toBe(false);
});

test('what is no longer a socket of its own is left alone', async () => {
  const runner = await startRunner();
  const folder = makeFolder();
  renameSync(runner.path, join(folder, 'moved'));
  writeFileSync(runner.path, 'mine');
  runner.child.kill('SIGTERM');
  await runner.child.ended;
  expect(readFileSync(runner.path, 'utf8')).toBe('mine');
});

test('a start that fails ends, whatever plugins have begun', async () => {
  const timer = `setInterval(() => {}, 1000); export const idle = { name: 'idle', parseConf() {} };`;
  const folder = makeFolder({ 'timer.mjs': timer, 'none.mjs': 'export const a = 1;' });
  const env = { APISIX_LISTEN_ADDRESS: 'unix:/nowhere/a.sock' };
  expect(await run(['run', join(folder, 'timer.mjs')], env)).toContain('1: ');
  expect(await run(['run', join(folder, 'timer.mjs'), join(folder, 'none.mjs')], env)).toContain('OFN-APISIX-PLUGIN');
});

test('a path may be as long as the kernel takes, whatever its name is', async () => {
  for (const name of ['a.sock', 'a']) {
    const folder = makeFolder();
    const rest = 107 - folder.length - name.length - 2;
    const deep = join(folder, 'x'.repeat(rest));
    mkdirSync(deep);
    const path = join(deep, name);
    expect(Buffer.byteLength(path)).toBe(107);
    const runner = await startRunner({ path });
    expect(await (await runner.connect()).prepare(SAY)).toBeGreaterThan(0);
  }
});

test.each(['SIGTERM', 'SIGINT'] as const)('%s lets calls in flight end', async (signal) => {
  const runner = await startRunner({ args: [join(makeFolder({ 'slow.mjs': SLOW }), 'slow.mjs')] });
  const [busy, idle] = await Promise.all([runner.connect(), runner.connect()]);
  const token = await busy.prepare([['slow', '{"milliseconds":300}']]);
  const answer = busy.request(token);
  await idle.prepare(SAY);
  runner.child.kill(signal);
  expect((await answer).message).toMatchObject({ stop: { body: 'slept' } });
  const { exitCode, all } = await runner.child.ended;
  expect(exitCode).toBe(0);
  expect(all).toContain(`server receive ${signal} and exit`);
  expect(existsSync(runner.path)).toBe(false);
});

test('calls that take longer are cut off before APISIX kills the runner', async () => {
  const runner = await startRunner({ args: [join(makeFolder({ 'slow.mjs': SLOW }), 'slow.mjs')] });
  const [client, other] = await Promise.all([runner.connect(), runner.connect()]);
  client.send(
    KIND.request,
    encode('request', { conf_token: await client.prepare([['slow', '{"milliseconds":60000}']]) }),
  );
  await other.prepare(SAY);
  const started = performance.now();
  runner.child.kill('SIGTERM');
  expect(await runner.child.ended).toMatchObject({ exitCode: 0 });
  expect(performance.now() - started).toBeLessThan(1000);
  expect(runner.child.output()).toContain('Calls were still in flight');
});

test('a second signal ends it at once', async () => {
  const runner = await startRunner({ args: [join(makeFolder({ 'slow.mjs': SLOW }), 'slow.mjs')] });
  const client = await runner.connect();
  const token = await client.prepare([['slow', '{"milliseconds":60000}']]);
  client.socket.write(frame(KIND.request, encode('request', { conf_token: token })));
  await (await runner.connect()).prepare(SAY);
  runner.child.kill('SIGTERM');
  await runner.child.printed('server receive SIGTERM');
  runner.child.kill('SIGTERM');
  expect(await runner.child.ended).toMatchObject({ exitCode: 0 });
});

/** Starts a runner in mode prod in a folder, and waits until it listens. */
async function startInProduction(folder: string, ...plugins: readonly string[]) {
  const path = join(folder, 'a.sock');
  const file = join(folder, 'logs/runner.log');
  const env = { APISIX_LISTEN_ADDRESS: `unix:${path}`, APISIX_CONF_EXPIRE_TIME: '10' };
  const words = [artefact('bin/ofn-runner.js'), 'run', '-m', 'prod', ...plugins];
  const child = start('sh', ['-c', `cd ${folder} && exec node ${words.join(' ')}`], env);
  const log = (): string => readFileSync(file, 'utf8');
  await expect.poll(() => existsSync(file) && log(), { timeout: 10_000 }).toContain('listening to');
  return { child, path, file, log };
}

test('mode prod logs from warn on into a file, mode dev from info on to stdout', async () => {
  const { child, path, file, log } = await startInProduction(makeFolder());
  const lines = log().trim().split('\n');
  expect(lines.map((line) => line.split('\t').slice(1))).toEqual([
    ['WARN', 'conf cache ttl is 12 s'],
    ['WARN', `listening to ${path}`],
  ]);
  expect((statSync(file).mode & 0o777).toString(8)).toBe('644');
  child.kill('SIGTERM');
  expect((await child.ended).all).toBe('');
  expect(log()).toContain('server receive SIGTERM and exit');
  expect((await startRunner()).child.output()).toContain('\tINFO\tPlugins: fault-injection, limit-req, openfunction');
});

test('the last lines are in the file, however many there are', async () => {
  const farewell = `export const farewell = { name: 'farewell', requestFilter(_c, writer, { log, signal }) {
    signal.addEventListener('abort', () => { for (let i = 0; i < 200; i += 1) log.warn('x'.repeat(1000)); });
    return new Promise(() => {});
  } };`;
  const folder = makeFolder({ 'farewell.mjs': farewell });
  const { child, path, log } = await startInProduction(folder, 'farewell.mjs');
  const [client, other] = await Promise.all([RunnerClient.connect(path), RunnerClient.connect(path)]);
  const token = await client.prepare([['farewell', '{}']]);
  client.send(KIND.request, encode('request', { conf_token: token }));
  await other.prepare(SAY);
  const started = performance.now();
  child.kill('SIGTERM');
  expect((await child.ended).exitCode).toBe(0);
  expect(performance.now() - started).toBeLessThan(1000);
  const lines = log().split('\n');
  expect(lines.filter((line) => line.includes('xxx'))).toHaveLength(200);
  expect(lines.at(-2)).toContain('Calls were still in flight; they were cut off.');
});

test('plugins of a folder, of packages in it and of CommonJS, one of them in the place of a shipped one', async () => {
  const folder = makeFolder({
    'a.cjs': `exports.first = { name: 'first', requestFilter: (_c, writer) => writer.write('first') };`,
    'b/index.mjs': `export const say = { name: 'say', requestFilter: (_c, writer) => writer.write('own say') };`,
    'c.ts': `export const typed = { name: 'typed', requestFilter: (_c: unknown, writer: any) => writer.write('typed') };`,
    'a.test.mjs': `throw new Error('not to be loaded');`,
    'node_modules/x/index.js': `throw new Error('not to be loaded');`,
    'vitest.config.ts': `throw new Error('not to be loaded');`,
    'helper.mjs': `export const helper = () => {};`,
    'lib/index.mjs': `export const lib = { helper: () => {} };`,
  });
  const client = await (await startRunner({ args: [folder] })).connect();
  for (const [name, body] of [
    ['first', 'first'],
    ['say', 'own say'],
    ['typed', 'typed'],
  ] as const) {
    const { message } = await client.request(await client.prepare([[name, '{}']]));
    expect(message).toMatchObject({ stop: { body } });
  }
});

test('what has no filter is no plugin, whatever its name and wherever it is', async () => {
  const folder = makeFolder({
    'quota.mjs': `export const quota = { name: 'quota', requestFilter: (_c, writer) => writer.write('quota') };`,
    'routes.mjs': `export const entries = [{ name: 'limit-req', value: '{"rate":1,"burst":0}' }];
      export const quota = { name: 'quota', value: '{}' };
      export const settings = { say: { name: 'say', filter: () => true }, rules: [{ name: 'say', requestFilters: () => {} }] };
      export const app = { name: 'my app', filters: ['a'], dispose: () => {} };`,
    'say.cjs': `module.exports = Object.fromEntries([['say', { name: 'say', requestFilter: (_c, writer) => writer.write('own') }]]);`,
  });
  const runner = await startRunner({ args: [folder] });
  expect(runner.child.output()).toMatch(
    /\tPlugins: quota, say \(instead of the shipped one\), fault-injection, limit-req, [^(]*$/m,
  );
  const client = await runner.connect();
  const asked = async (name: string, value: string) =>
    (await client.request(await client.prepare([[name, value]]))).message;
  expect(await asked('limit-req', '{"rate":1,"burst":0}')).toMatchObject({ stop: { status: 503 } });
  expect(await asked('quota', '{}')).toMatchObject({ stop: { body: 'quota' } });
  expect(await asked('say', '{}')).toMatchObject({ stop: { body: 'own' } });
});

test('a plugin that several modules export is one', async () => {
  const folder = makeFolder({
    'quota.mjs': `export const quota = { name: 'quota', requestFilter: (_c, writer) => writer.write('quota') };`,
    'index.mjs': `export * from './quota.mjs';`,
  });
  const runner = await startRunner({ args: [folder, join(folder, 'quota.mjs')] });
  const client = await runner.connect();
  const { message } = await client.request(await client.prepare([['quota', '{}']]));
  expect(message).toMatchObject({ stop: { body: 'quota' } });
});

test('links to modules and to folders are followed, as those of a ConfigMap', async () => {
  const linked = (name: string): string =>
    `export const ${name} = { name: '${name}', requestFilter: (_c, writer) => writer.write('linked') };`;
  const elsewhere = makeFolder({ 'index.mjs': linked('whole') });
  const folder = makeFolder({ '..2024/single.mjs': linked('single'), 'real.mjs': linked('real') });
  symlinkSync('..2024', join(folder, '..data'));
  symlinkSync('..data/single.mjs', join(folder, 'single.mjs'));
  symlinkSync('real.mjs', join(folder, 'again.mjs'));
  symlinkSync(elsewhere, join(folder, 'whole'));
  symlinkSync('nowhere', join(folder, 'README.md'));
  const client = await (await startRunner({ args: [folder] })).connect();
  for (const name of ['single', 'real', 'whole']) {
    const { message } = await client.request(await client.prepare([[name, '{}']]));
    expect(message).toMatchObject({ stop: { body: 'linked' } });
  }
  symlinkSync('nowhere', join(folder, 'broken.mjs'));
  expect(await run(['run', folder], { APISIX_LISTEN_ADDRESS: 'unix:/tmp/x' })).toMatch(
    /OFN-APISIX-PLUGIN.*broken\.mjs/,
  );
});

const TYPED = `import { definePlugin } from '@openfunction/functions-framework/apisix';
enum Answer { No = 403 }
export const quota = definePlugin({ name: 'quota', requestFilter: (_conf, writer) => writer.writeHeader(Answer.No) });
`;

test.each<[string, Readonly<Record<string, string>>]>([
  ['a module without a plugin', { 'a.mjs': 'export const a = 1;' }],
  [
    'what is nearly a plugin',
    {
      'a.mjs': `export const a = { name: 'a', parseConf() {} };`,
      'b.mjs': `export const b = { name: 'b', requestFilter: 1 };`,
    },
  ],
  ['a plugin without a name', { 'a.cjs': `exports.a = { requestFilter: () => {} };` }],
  ['a plugin with a name that is none', { 'a.mjs': `export const a = { name: '', parseConf: () => {} };` }],
  ['a plugin with a misspelt filter', { 'a.mjs': `export const a = { name: 'a', requestFilters() {} };` }],
  [
    'a plugin with a filter of no kind',
    { 'a.mjs': `export class A { name = 'a'; filter() {} }; export const a = new A();` },
  ],
  ['a plugin with the members of Go', { 'a.cjs': `exports.a = { name: 'a', RequestFilter() {}, ParseConf() {} };` }],
  ['a plugin whose filter is not there yet', { 'a.mjs': `export const a = { name: 'a', requestFilter: undefined };` }],
  ['modules without a plugin', { 'a.mjs': 'export const a = 1;', 'b.mjs': 'export const b = {};' }],
  ['a module that throws', { 'a.mjs': `// None.\nconst fail = () => {\n  throw new Error('broken');\n};\nfail();` }],
  ['a module that throws what is no error', { 'a.cjs': `throw 'broken';` }],
  ['a module whose import throws', { 'a.mjs': `import './b/c.mjs';`, 'b/c.mjs': `throw new TypeError('broken');` }],
  ['a package that is not there', { 'a.mjs': `import 'left-pad';\nexport const a = { name: 'a' };` }],
  ['a file that is not there', { 'a.cjs': `require('./lib/a');` }],
  ['an import without its suffix', { 'a.ts': `import { b } from './b';`, 'b.ts': 'export const b = 1;' }],
  ['an import of what is not exported', { 'a.mjs': `import { b } from './b.mjs';`, 'b.mjs': 'export const c = 1;' }],
  ['a module that is no JavaScript', { 'a.mjs': 'export const a = {\n  name: ,\n};' }],
  [
    'an ES module in a package that is CommonJS',
    {
      'package.json': '{"type": "commonjs"}',
      'quota.js': `import fs from 'node:fs';\nexport const a = { name: 'a', fs };`,
    },
  ],
  ['TypeScript that is not erasable', { 'quota.ts': TYPED }],
  ['TypeScript that is none', { 'a.ts': 'export const a: = 1;' }],
  [
    'two plugins of one name',
    {
      'a.mjs': `export const a = { name: 'x', parseConf() {} };`,
      'b.mjs': `export const b = { name: 'x', parseConf() {} };`,
    },
  ],
  ['a folder without a module', { 'README.md': '' }],
])('%s does not start', async (_, files) => {
  const folder = makeFolder(files);
  const text = await run(['run', folder], { APISIX_LISTEN_ADDRESS: 'unix:/tmp/x' });
  expect(text.replaceAll(folder, '<folder>').replace(/(?<=^1: \(node:)\d+/, '<pid>')).toMatchSnapshot();
});

test('a path that can not be read is told of', async () => {
  const folder = makeFolder();
  symlinkSync('loop', join(folder, 'loop'));
  const text = await run(['run', join(folder, 'loop')], { APISIX_LISTEN_ADDRESS: 'unix:/tmp/x' });
  expect(text).toMatch(/^1: ERROR \[OFN-APISIX-PLUGIN\] Couldn't load plugins from .*loop: ELOOP: /);
});

test('JavaScript is taken, and not the TypeScript beside it that it was made of', async () => {
  const says = (name: string, text: string): string =>
    `export const ${name} = { name: '${name}', requestFilter: (_c, writer) => writer.write('${text}') };`;
  const folder = makeFolder({
    'quota.mjs': says('quota', 'made'),
    'quota.mts': says('quota', 'source'),
    'limit/index.mjs': says('limit', 'made'),
    'limit/index.mts': says('limit', 'source'),
  });
  const client = await (await startRunner({ args: [folder] })).connect();
  for (const name of ['quota', 'limit']) {
    const { message } = await client.request(await client.prepare([[name, '{}']]));
    expect(message).toMatchObject({ stop: { body: 'made' } });
  }
});
