import { once } from 'node:events';
import { Agent, get, type IncomingMessage } from 'node:http';
import { connect } from 'node:net';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { artefact } from '../../support/artefact.ts';
import { start } from '../../support/process.ts';
import { makeFolder } from '../../support/workspace.ts';

/** Starts a rendered main on a free port and waits until it says that it serves. */
async function serve(source: string, env: Record<string, string> = {}) {
  const folder = makeFolder({ 'index.mjs': source });
  const main = join(folder, 'main.mjs');
  const defaults = JSON.stringify({ source: folder, target: 'hello', signatureType: 'http' });
  writeFileSync(main, `import { main } from '${artefact('build/serve/index.js')}';\nawait main(${defaults});\n`);
  const child = start('node', [main], { PORT: '0', ...env });
  const printed = await child.printed('URL: http://localhost:');
  return { child, printed, port: Number(/localhost:(\d+)/.exec(printed)?.[1]) };
}

async function call(
  port: number,
  agent?: Agent,
): Promise<{ status: number | undefined; body: string; connection: string | undefined }> {
  const { promise, resolve, reject } = Promise.withResolvers<IncomingMessage>();
  get({ port, host: '127.0.0.1', ...(agent === undefined ? {} : { agent }) }, resolve).on('error', reject);
  const res = await promise;
  let body = '';
  for await (const chunk of res.setEncoding('utf8')) body += String(chunk);
  return { status: res.statusCode, body, connection: res.headers.connection };
}

/** Waits until nobody listens; connections that the kernel accepted in the meantime are reset. */
async function refusal(port: number): Promise<void> {
  for (;;) {
    const socket = connect(port, '127.0.0.1');
    const { promise, resolve } = Promise.withResolvers<string>();
    socket.on('connect', () => socket.destroy()).on('error', (error) => resolve(error.message));
    socket.on('close', () => resolve('closed'));
    if ((await promise).includes('ECONNREFUSED')) return;
  }
}

test('serves, says so, and ends with 0 on SIGTERM', async () => {
  const { child, printed, port } = await serve(`export const hello = (req, res) => res.end('hi');`);
  expect(printed.replace(String(port), '<port>')).toBe(
    'Serving function...\nFunction: hello\nSignature type: http\nURL: http://localhost:<port>/\n',
  );
  expect(await call(port)).toMatchObject({ status: 200, body: 'hi' });
  child.kill('SIGTERM');
  expect((await child.ended).exitCode).toBe(0);
});

test('variables win over what was rendered', async () => {
  const { port, printed } = await serve(
    `export const hello = () => {}; export const other = (req, res) => res.end('other');`,
    { FUNCTION_TARGET: 'other' },
  );
  expect(printed).toContain('Function: other\n');
  expect((await call(port)).body).toBe('other');
});

test('a request in flight finishes after SIGTERM, idle connections close, nothing new is accepted', async () => {
  const { child, port } = await serve(`
    export const hello = (req, res) => {
      process.on('SIGTERM', () => setTimeout(() => res.end('finished'), 200));
      console.log('in flight');
    };`);
  const idle = connect(port, '127.0.0.1');
  await once(idle, 'connect');
  const inFlight = call(port, new Agent({ keepAlive: true }));
  await child.printed('in flight');
  child.kill('SIGTERM');
  await once(idle.resume(), 'close');
  await refusal(port);
  expect(await inFlight).toEqual({ status: 200, body: 'finished', connection: 'close' });
  expect((await child.ended).exitCode).toBe(0);
});

test('a second signal ends at once', async () => {
  const { child, port } = await serve(`export const hello = () => console.log('in flight');`);
  const cut = call(port).catch((error: unknown) => String(error));
  await child.printed('in flight');
  const idle = connect(port, '127.0.0.1');
  await once(idle, 'connect');
  child.kill('SIGTERM');
  await once(idle.resume(), 'close');
  child.kill('SIGTERM');
  expect((await child.ended).exitCode).toBe(1);
  expect(await cut).toMatchObject({ status: 500, body: 'Process exited with code 1' });
});

test.each<[string, string, Record<string, string>]>([
  ['a function that is not there', 'export const other = () => {};', {}],
  ['a port that is none', 'export const hello = () => {};', { PORT: 'abc' }],
  ['a signature type that is none', 'export const hello = () => {};', { FUNCTION_SIGNATURE_TYPE: 'soap' }],
])('%s ends with 1 and says why', async (_, source, env) => {
  const { child } = await serve(source, env);
  const { exitCode, all } = await child.ended;
  expect(exitCode).toBe(1);
  expect(all).toMatchSnapshot();
});
