import { copyFileSync, cpSync, realpathSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { execa } from 'execa';
import { expect, test } from 'vitest';
import { CACHE, ROOT } from '../../scripts/cache.ts';
import { imageFolder } from '../../scripts/store.ts';
import {
  buildImage,
  changeSource,
  checkOutAgain,
  copyOfSample,
  removeVolumes,
  WAYS,
  type Way,
} from '../support/image.ts';
import { makeFolder } from '../support/workspace.ts';

/** Digests of an image's layers in the engine. */
async function layersOf(image: string): Promise<string[]> {
  const { stdout } = await execa('docker', ['image', 'inspect', '--format', '{{json .RootFS.Layers}}', image]);
  return JSON.parse(stdout);
}

/** Removes what the lifecycle cached, as where no volume is kept between builds. */
async function dropCaches(way: Way): Promise<void> {
  if (way === 'none') return rmSync(join(CACHE, 'builds'), { recursive: true, force: true });
  await removeVolumes('ofn-test-rebuild');
}

/** Builds as an unprivileged user with a store and a umask of their own, and gives the digest. */
async function buildAsUser(source: string): Promise<string | undefined> {
  const home = makeFolder();
  for (const name of ['openfunction/builder-node', 'openfunction/run-node:24']) {
    cpSync(realpathSync(imageFolder(name)), imageFolder(name).replace(CACHE, home), { recursive: true });
  }
  // Nobody may look into root's home, where this repository can be.
  cpSync(join(ROOT, 'dist/cli'), join(home, 'cli'), { recursive: true });
  copyFileSync(process.execPath, join(home, 'node'));
  const args = ['build', source, '--image', 'ofn-test-user', '--engine', 'none'];
  await execa('chown', ['--recursive', '65534:65534', home, join(source, '../..')]);
  const as = ['--reuid', '65534', '--regid', '65534', '--clear-groups', 'sh', '-c', 'umask 077; exec "$@"', 'sh'];
  const env = { OFN_CACHE_DIR: home, HOME: home };
  const { all } = await execa('setpriv', [...as, join(home, 'node'), join(home, 'cli/index.js'), ...args], {
    env,
    all: true,
    cwd: '/',
  });
  return /^digest +(sha256:[0-9a-f]{64})$/m.exec(all)?.[1];
}

test('without a daemon the same source gives the same digest, wherever and whenever it is built', async () => {
  const source = copyOfSample('disk-usage');
  const first = await buildImage('none', source, 'ofn-test-same:1', '--clear-cache');
  const second = await buildImage('none', checkOutAgain(source), 'ofn-test-same:2', '--clear-cache');
  expect(first.digest).toBeDefined();
  expect(second.digest).toBe(first.digest);
});

test('without a daemon another user, who is not root, gets the same digest', async () => {
  const source = copyOfSample('disk-usage');
  const asRoot = await buildImage('none', source, 'ofn-test-user', '--clear-cache');
  const asUser = await buildAsUser(checkOutAgain(source));
  expect(asUser).toBe(asRoot.digest);
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
