import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { execa } from 'execa';
import { expect, onTestFinished, test } from 'vitest';
import { ROOT } from '../../support/artefact.ts';
import { makeFolder } from '../../support/workspace.ts';

test.each([
  ['without a start time', (pid: number) => String(pid)],
  ['of an earlier process', (pid: number) => `${pid} 1`],
])('engine-stop leaves a process alone that has the number in a pid file %s', async (_, text) => {
  const child = spawn('sleep', ['60']);
  onTestFinished(() => void child.kill());
  const cache = makeFolder({ 'engine/pid': text(child.pid ?? 0) });
  const { stdout } = await execa('node', [join(ROOT, 'scripts/engine.ts'), 'stop'], { env: { OFN_CACHE_DIR: cache } });
  expect(stdout).toBe('There is none of ours to stop.');
  expect(child.kill(0)).toBe(true);
});
