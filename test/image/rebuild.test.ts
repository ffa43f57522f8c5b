import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { execa } from 'execa';
import { expect, test } from 'vitest';
import { CACHE } from '../../scripts/cache.ts';
import { buildImage, changeSource, checkOutAgain, copyOfSample, WAYS, type Way } from '../support/image.ts';

/** Digests of an image's layers in the engine. */
async function layersOf(image: string): Promise<string[]> {
  const { stdout } = await execa('docker', ['image', 'inspect', '--format', '{{json .RootFS.Layers}}', image]);
  return JSON.parse(stdout);
}

/** Removes what the lifecycle cached, as where no volume is kept between builds. */
async function dropCaches(way: Way): Promise<void> {
  if (way === 'none') return rmSync(join(CACHE, 'builds'), { recursive: true, force: true });
  const { stdout } = await execa('docker', ['volume', 'ls', '--quiet', '--filter', 'name=pack-cache-']);
  for (const name of stdout.split('\n').filter((line) => line !== '')) await execa('docker', ['volume', 'rm', name]);
}

test('without a daemon the same source gives the same digest, wherever and whenever it is built', async () => {
  const source = copyOfSample('disk-usage');
  const first = await buildImage('none', source, 'ofn-test-same:1', '--clear-cache');
  const second = await buildImage('none', checkOutAgain(source), 'ofn-test-same:2', '--clear-cache');
  expect(first.digest).toBeDefined();
  expect(second.digest).toBe(first.digest);
});

test('with pack the same source gives the same layers', async () => {
  const source = copyOfSample('disk-usage');
  await buildImage('docker', source, 'ofn-test-same:1', '--clear-cache');
  await buildImage('docker', checkOutAgain(source), 'ofn-test-same:2', '--clear-cache');
  expect(await layersOf('ofn-test-same:2')).toEqual(await layersOf('ofn-test-same:1'));
});

test.each(WAYS)('with engine "%s" and no cache, a change of one line makes the app layer alone anew', async (way) => {
  const image = 'ofn-test-rebuild';
  const source = copyOfSample('disk-usage');
  await buildImage(way, source, image, '--clear-cache');
  await dropCaches(way);
  changeSource(source, 'index.js', '// changed\n');
  const { output } = await buildImage(way, source, image);
  expect(output).toContain('Dependencies: reused');
  expect(output).not.toContain('installing');
  const added = output
    .split('\n')
    .filter((line) => /Adding layer|Added \d+\/\d+ app/.test(line) && !line.includes('cache layer'));
  expect(added.map((line) => line.trim())).toEqual(['Added 1/1 app layer(s)']);
});
