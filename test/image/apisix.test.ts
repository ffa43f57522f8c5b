import { chmodSync, existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { execa } from 'execa';
import { Wait } from 'testcontainers';
import { expect, onTestFinished, test, vi } from 'vitest';
import { RunnerClient } from '../support/apisix/client.ts';
import { artefact } from '../support/artefact.ts';
import { HardenedContainer } from '../support/container.ts';
import { buildImage, copyOfSample, layersOf, variables } from '../support/image.ts';
import { start } from '../support/process.ts';
import { expectPrinted } from '../support/server-process.ts';
import { json } from '../support/shape.ts';
import { makeFolder } from '../support/workspace.ts';

const IMAGE = 'ofn-test-apisix';
const TYPE = ['--env', 'FUNC_TYPE=apisix', '--env', 'FUNC_SRC=.'];

/** Starts the image with a folder that its user may write to, as the volume of a pod is, and gives both. */
async function startRunner() {
  const volume = makeFolder();
  chmodSync(volume, 0o777);
  const container = await new HardenedContainer(IMAGE)
    .withUser('12345:54321')
    .withCommand(['-m', 'dev'])
    .withBindMounts([{ source: volume, target: '/run/apisix' }])
    .withWaitStrategy(Wait.forLogMessage('listening to /run/apisix/runner.sock'))
    .start();
  const id = container.getId();
  onTestFinished(async () => void (await execa('docker', ['rm', '--force', '--volumes', id])));
  return { id, path: join(volume, 'runner.sock') };
}

test('a container of plugins is called through the volume that it shares, and has stopped a second later', async () => {
  await buildImage('docker', copyOfSample('apisix-plugin'), IMAGE, ...TYPE);
  const { id, path } = await startRunner();
  expect((statSync(path).mode & 0o777).toString(8)).toBe('766');

  const [client, other] = await Promise.all([RunnerClient.connect(path), RunnerClient.connect(path)]);
  const quota = await client.prepare([['quota', '{"limit": 1}']]);
  const jane = { vars: { consumer_name: 'jane' } };
  const first = await client.request(quota, {}, jane);
  expect(first.message).toEqual({ id: 7, rewrite: { resp_headers: [['x-quota-left', '0']] } });
  expect(first.asked).toEqual(['var consumer_name']);
  // Workers of APISIX share tokens.
  expect((await other.request(quota, {}, jane)).message).toMatchObject({ stop: { status: 429 } });
  const shipped = await other.prepare([['say', '{"body": "hello"}']]);
  expect((await other.request(shipped)).message).toMatchObject({ stop: { body: 'hello' } });

  // What a container that was killed has left in the volume is replaced.
  await execa('docker', ['kill', id]);
  expect(existsSync(path)).toBe(true);
  await execa('docker', ['start', id]);
  const next = await vi.waitFor(() => RunnerClient.connect(path), { timeout: 10_000 });
  expect((await next.request(quota)).message).toEqual({ error: 'CONF_TOKEN_NOT_FOUND' });
  expect(await next.prepare([['quota', '{}']])).toBeGreaterThan(0);

  const asked = Date.now();
  await execa('docker', ['stop', id]);
  const { stdout } = await execa('docker', ['inspect', '--format', '{{.State.ExitCode}} {{.State.FinishedAt}}', id]);
  const [exitCode, finished = ''] = stdout.split(' ');
  expect(exitCode).toBe('0');
  expect(Date.parse(finished) - asked).toBeLessThan(1000);
  expect(existsSync(path)).toBe(false);
});

test('without a daemon the image is the same, and runs', async () => {
  await buildImage('docker', copyOfSample('apisix-plugin'), IMAGE, ...TYPE);
  await buildImage('none', copyOfSample('apisix-plugin'), IMAGE, ...TYPE);
  expect(await layersOf('none', IMAGE)).toEqual(await layersOf('docker', IMAGE));
  expect(await run(IMAGE)).toContain('Plugins: quota, ');
});

const TYPED = `import { definePlugin } from '@openfunction/functions-framework/apisix';
import { Status } from '../status.js';
export const limit = definePlugin({ name: 'limit', requestFilter: (_, writer) => writer.writeHeader(Status.Many) });
`;

test('plugins in TypeScript are compiled, and their sources stay behind', async () => {
  const image = `${IMAGE}-typescript`;
  const app = makeFolder({
    'package.json': json({ private: true, type: 'module', devDependencies: { typescript: '7.0.2' } }),
    'tsconfig.json': json({
      compilerOptions: { target: 'es2022', module: 'nodenext', skipLibCheck: true, outDir: 'dist', rootDir: 'src' },
    }),
    'src/limit/index.ts': TYPED,
    'src/status.ts': 'export enum Status {\n  Many = 429,\n}\n',
  });
  const env = { FUNC_TYPE: 'apisix', FUNC_SRC: 'src', FUNC_CLEAR_SOURCE: 'on' };
  await buildImage('none', app, image, ...variables(env));
  expect(await run(image)).toContain('Plugins: limit, ');
});

/** Runs an image without a daemon, at a socket of its own, until it listens, and gives what it has told. */
async function run(image: string): Promise<string> {
  const env = ['--env', 'APISIX_LISTEN_ADDRESS=unix:/tmp/runner.sock'];
  const args = ['run', image, '--engine', 'none', '--user', '12345', ...env];
  const runner = start('node', [artefact('dist/cli/index.js'), ...args]);
  const told = await expectPrinted(runner, 'listening to /tmp/runner.sock');
  runner.kill('SIGTERM');
  expect((await runner.ended).exitCode).toBe(0);
  return told;
}
