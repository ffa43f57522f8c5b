import { expect, test } from 'vitest';
import { artefact } from '../support/artefact.ts';
import { startContainer } from '../support/container.ts';
import { buildImage, WAYS } from '../support/image.ts';
import { ownPort } from '../support/own-port.ts';
import { start } from '../support/process.ts';
import { makeFolder } from '../support/workspace.ts';

const SLOW = `
exports.hello = (req, res) => {
  res.write('begun, ');
  process.on('SIGTERM', () => setTimeout(() => res.end('finished'), 500));
};
`;

test('docker stop lets a request in flight finish', async () => {
  await buildImage('docker', makeFolder({ 'index.js': SLOW }), 'ofn-test-stop', '--env', 'FUNC_NAME=hello');
  const { url, container } = await startContainer('ofn-test-stop', '1001:1000');
  const response = await fetch(url);
  const stopped = container.stop({ timeout: 10_000 });
  expect(await response.text()).toBe('begun, finished');
  await stopped;
});

test.each(WAYS)('with engine "%s", ofn run ends with the function and its exit code', async (way) => {
  await buildImage(way, makeFolder({ 'index.js': SLOW }), 'ofn-test-run', '--env', 'FUNC_NAME=hello');
  const port = String(await ownPort());
  const args = ['run', 'ofn-test-run', '--engine', way, '--port', port, '--env', 'NODE_ENV=development'];
  const running = start('node', [artefact('dist/cli/index.js'), ...args]);
  await running.printed('URL: http://localhost:');
  const response = await fetch(`http://127.0.0.1:${port}`);
  running.kill('SIGTERM');
  expect(await response.text()).toBe('begun, finished');
  expect((await running.ended).exitCode).toBe(0);
});

test('node is process 1', async () => {
  const source = `exports.hello = (req, res) => res.end(String(process.pid));`;
  await buildImage('docker', makeFolder({ 'index.js': source }), 'ofn-test-pid', '--env', 'FUNC_NAME=hello');
  const { url } = await startContainer('ofn-test-pid', '1001:1000');
  expect(await (await fetch(url)).text()).toBe('1');
});
