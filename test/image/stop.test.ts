import { expect, test } from 'vitest';
import { startContainer } from '../support/container.ts';
import { buildImage } from '../support/image.ts';
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
  const stopped = container.stop({ timeout: 10_000, remove: false });
  expect(await response.text()).toBe('begun, finished');
  await stopped;
});

test('node is process 1', async () => {
  const source = `exports.hello = (req, res) => res.end(String(process.pid));`;
  await buildImage('docker', makeFolder({ 'index.js': source }), 'ofn-test-pid', '--env', 'FUNC_NAME=hello');
  const { url } = await startContainer('ofn-test-pid', '1001:1000');
  expect(await (await fetch(url)).text()).toBe('1');
});
