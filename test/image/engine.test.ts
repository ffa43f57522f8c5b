import { join } from 'node:path';
import { execa } from 'execa';
import { expect, test } from 'vitest';
import { ROOT } from '../support/artefact.ts';
import { makeFolder } from '../support/workspace.ts';

const ENGINE = join(ROOT, 'scripts/engine.ts');

/** What identifies the engine that answers. */
async function engineId(): Promise<string> {
  return (await execa('docker', ['info', '--format', '{{.ID}}'])).stdout;
}

test('an engine that answers is reused', async () => {
  const before = await engineId();
  const { stdout } = await execa('node', [ENGINE, 'start']);
  expect(stdout).toMatch(/^DOCKER_HOST=\S+$/);
  expect(await engineId()).toBe(before);
});

test('an engine that somebody else started is left alone', async () => {
  const before = await engineId();
  const { stdout } = await execa('node', [ENGINE, 'stop'], { env: { OFN_CACHE_DIR: makeFolder() } });
  expect(stdout).toBe('There is none of ours to stop.');
  expect(await engineId()).toBe(before);
});
