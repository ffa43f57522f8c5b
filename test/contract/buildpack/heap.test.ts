import { join } from 'node:path';
import { expect, test } from 'vitest';
import { makeSite } from '../../support/buildpack.ts';
import { limitMemory } from '../../support/memory-limit.ts';
import { ownPort } from '../../support/own-port.ts';
import { start } from '../../support/process.ts';
import { expectPrinted } from '../../support/server-process.ts';
import { launchEnvironment } from '../../support/shape.ts';

const MIB = 1024 * 1024;
const LIMIT = 512 * MIB;
/** Memory of the heap's young generation, which comes on top of the share. */
const YOUNG = 24 * MIB;

test.each([
  ['by default', {}, 0.75],
  ['BP_HEAP_PERCENTAGE=50', { BP_HEAP_PERCENTAGE: '50' }, 0.5],
])('%s, the heap has its share of the memory that a container has', async (_, env, share) => {
  const source = `exports.hello = (req, res) => res.end(String(require('node:v8').getHeapStatistics().heap_size_limit));\n`;
  const site = makeSite({ 'index.js': source });
  expect((await site.build({ FUNC_NAME: 'hello', ...env })).exitCode).toBe(0);
  const [program, ...limited] = await limitMemory(LIMIT);
  const port = String(await ownPort());
  const variables = { PATH: process.env['PATH'], PORT: port, NODE_ENV: 'development' };
  const launched = await launchEnvironment(site.layers, variables);
  const running = start(program, [...limited, process.execPath, join(site.layers, 'function/main.mjs')], launched);
  await expectPrinted(running, 'URL: http://localhost:');
  const heap = Number(await (await fetch(`http://127.0.0.1:${port}/`)).text());
  running.kill('SIGTERM');
  await running.ended;
  expect(heap).toBeGreaterThanOrEqual(share * LIMIT);
  expect(heap).toBeLessThanOrEqual(share * LIMIT + YOUNG);
});
