import { expect, test } from 'vitest';
import { artefact } from '../../support/artefact.ts';
import { runFunction } from '../../support/functions-framework.ts';
import { start } from '../../support/process.ts';

test.each(['-h', '--help'])('%s prints the options to stderr and ends', async (flag) => {
  const { exitCode, all } = await start('node', [artefact('bin/functions-framework.js'), flag]).ended;
  expect(exitCode).toBe(0);
  expect(all).toMatch(/^Example usage:\n {2}functions-framework --target=helloWorld --port=8080\nDocumentation:\n/);
});

test('a Node.js that is too old is named, with the one that is needed', async () => {
  const old = `data:text/javascript,Object.defineProperty(process, 'versions', { value: { node: '20.20.2' } })`;
  const { exitCode, all } = await start('node', ['--import', old, artefact('bin/functions-framework.js')]).ended;
  expect([exitCode, all.replace(process.version, '<version>')]).toEqual([
    1,
    `ERROR [OFN-FUNC-NODE] The functions framework needs Node.js 22.18 or later; this is <version>.

Run it with a newer Node.js, for example after "npm install --save-dev node@24".`,
  ]);
});

test('a failure outside the promise of a request fails that request alone', async () => {
  const { call, child } = await runFunction(
    `export function hello(req, res) {
      if (req.path === '/timer') setTimeout(() => { throw new Error('from a timer'); }, 1);
      else if (req.path === '/rejection') Promise.reject(new Error('from a rejection'));
      else if (req.path === '/late') { res.send('sent'); setTimeout(() => { throw new Error('after the answer'); }, 1); }
      else setTimeout(() => res.send('fine'), 50);
    }`,
    ['--target', 'hello'],
  );
  const answers = await Promise.all(['/timer', '/rejection', '/late', '/'].map((path) => call(path)));
  expect(answers.map(({ status, body }) => [status, body])).toEqual([
    [500, 'from a timer'],
    [500, 'from a rejection'],
    [200, 'sent'],
    [200, 'fine'],
  ]);
  await child.printed('Exception from a finished function: Error: after the answer');
  expect((await call()).body).toBe('fine');
});

test('a failure of nobody ends the process with 16, after the requests in flight', async () => {
  const { call, child } = await runFunction(
    `export const hello = (req, res) => setTimeout(() => res.send('finished'), 100);
    globalThis.later = setInterval(() => { if (globalThis.fail) { clearInterval(later); throw new Error('of nobody'); } }, 5);
    export const arm = () => { globalThis.fail = true; };
    export const both = (req, res) => { hello(req, res); arm(); };`,
    ['--target', 'both'],
  );
  expect((await call()).body).toBe('finished');
  const { exitCode, all } = await child.ended;
  expect([exitCode, all.includes('Error: of nobody')]).toEqual([16, true]);
});

test('process.exit answers what is in flight', async () => {
  const { call, child } = await runFunction(`export const hello = () => process.exit(3);`, ['--target', 'hello']);
  expect(await call()).toMatchObject({ status: 500, body: 'Process exited with code 3' });
  expect((await child.ended).exitCode).toBe(3);
});

test.each([
  ['init', `export const init = async () => { throw new Error('no database'); }; export const hello = () => {};`, {}],
  [
    'the port of the context',
    'export const hello = () => {};',
    { PORT: '', FUNC_CONTEXT: '{"name":"fn","port":"http"}' },
  ],
])('a failure of %s ends the start with 1', async (_, source, env) => {
  const { child, printed } = await runFunction(source, ['--target', 'hello'], env);
  expect((await child.ended).exitCode).toBe(1);
  expect(printed).toMatchSnapshot();
});

test('init is awaited before the server listens, shutdown after the drain', async () => {
  const { call, child } = await runFunction(
    `let ready = false;
    export const init = async () => { await new Promise((resolve) => setTimeout(resolve, 20)); ready = true; };
    export const shutdown = async () => { await null; console.log('shut down'); };
    export const hello = (req, res) => res.send(String(ready));`,
    ['--target', 'hello'],
  );
  expect((await call()).body).toBe('true');
  child.kill('SIGTERM');
  const { exitCode, all } = await child.ended;
  expect([exitCode, all.trimEnd().endsWith('shut down')]).toEqual([0, true]);
});

test('a context that is broken is told in one line, and the function runs', async () => {
  const { call, printed } = await runFunction(
    'export const hello = (ctx) => ctx.name;',
    ['--target', 'hello', '--signature-type=OpenFunction'],
    { FUNC_CONTEXT: '{broken' },
  );
  expect(printed).toMatch(/^WARNING: FUNC_CONTEXT is not JSON \(.*\); it is not used\.\n/);
  expect((await call()).body).toBe('hello');
});

test('the function context names the function and its port', async () => {
  const { call, printed } = await runFunction(
    'export const hello = (ctx) => ({ name: ctx.name, version: ctx.version });',
    ['--target', 'hello', '--signature-type', 'openfunction'],
    { PORT: '', FUNC_CONTEXT: '{"name":"fn","version":"v1","port":"0"}' },
  );
  expect(printed).toContain('Signature type: openfunction\n');
  expect(JSON.parse((await call()).body)).toEqual({ name: 'fn', version: 'v1' });
});

test('an exported function that takes messages is said to be called with a context', async () => {
  const context = {
    name: 'fn',
    version: 'v1',
    runtime: 'Async',
    inputs: { cron: { componentName: 'cron', componentType: 'bindings.cron' } },
  };
  const { printed } = await runFunction('export const hello = (ctx, data) => {};', ['--target', 'hello'], {
    FUNC_CONTEXT: JSON.stringify(context),
  });
  expect(printed).toContain('Signature type: openfunction\nInputs: cron\n');
});

test('logs name the execution when asked for', async () => {
  const { call, child } = await runFunction(
    `export const hello = async (req, res) => { await null; console.log('from ' + req.path); console.error({ a: 1 }); res.end(); };`,
    ['--target', 'hello', '--log-execution-id'],
  );
  await Promise.all(['a', 'b'].map((id) => call({ path: `/${id}`, headers: { 'function-execution-id': id } })));
  child.kill('SIGTERM');
  const { all } = await child.ended;
  const entries = all
    .split('\n')
    .filter((line) => line.includes('"from '))
    .map((line) => JSON.parse(line));
  const labels = entries.map((entry) => [entry.message, entry['logging.googleapis.com/labels'].execution_id]);
  expect(new Set(labels.map(String))).toEqual(new Set(['from /a,a', 'from /b,b']));
});

test.each(['require', 'import'])(
  'a function that uses %s of the Google name is served, and its failures say so',
  async (way) => {
    const name = '@google-cloud/functions-framework';
    const load =
      way === 'import'
        ? `import { http } from '${name}';`
        : `import { createRequire } from 'node:module'; const { http } = createRequire(import.meta.url)('${name}');`;
    const { call, printed } = await runFunction(`${load} http('declared', (req) => { throw new Error(req.path); });`);
    expect(printed).toContain('Function: declared\n');
    expect(await call('/x')).toMatchObject({ status: 500, headers: { 'x-google-status': 'crash' } });
  },
);

test('several targets are served by path', async () => {
  const { call, printed } = await runFunction(
    `export const a = (req, res) => res.send('A'); export const b = (req, res) => res.send('B');`,
    ['--target', 'a,b'],
  );
  expect(printed).toContain('Function: a, b\n');
  expect([(await call('/a')).body, (await call('/b')).body, (await call('/c')).status]).toEqual(['A', 'B', 404]);
});

test('TypeScript and the functions of the package go together', async () => {
  const { makeFolder } = await import('../../support/workspace.ts');
  const folder = makeFolder({
    'index.mts': `import { cloudEvent, type CloudEvent } from '@openfunction/functions-framework';
      interface Order { id: number }
      cloudEvent<Order>('order', (event: CloudEvent<Order>) => ({ id: event.data?.id }));`,
  });
  const { call } = await runFunction({ folder });
  const headers = {
    'ce-id': '1',
    'ce-source': 's',
    'ce-type': 't',
    'ce-specversion': '1.0',
    'content-type': 'application/json',
  };
  expect((await call({ method: 'POST', headers, body: '{"id":5}' })).body).toBe('{"id":5}');
});
