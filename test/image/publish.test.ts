import { join } from 'node:path';
import { execa } from 'execa';
import { expect, onTestFinished, test } from 'vitest';
import { startRegistry } from '../../scripts/registry.ts';
import { imageFolder } from '../../scripts/store.ts';
import { buildImage, copyOfSample, WAYS } from '../support/image.ts';
import { makeFolder } from '../support/workspace.ts';
import { writeFileSync } from 'node:fs';

const RUN_IMAGE = 'openfunction/run-node:24';

test.each(WAYS)('--publish with engine "%s" sends the image it tells the digest of', async (way) => {
  const registry = await startRegistry();
  onTestFinished(() => registry.stop());
  // pack takes the run image from the registry it publishes to, where there is a mirror of it.
  const mirror = `${registry.address}/${RUN_IMAGE}`;
  await execa('skopeo', [
    'copy',
    '--quiet',
    '--dest-tls-verify=false',
    `oci:${imageFolder(RUN_IMAGE)}`,
    `docker://${mirror}`,
  ]);
  const packHome = makeFolder();
  writeFileSync(join(packHome, 'config.toml'), `[[run-images]]\nimage = "${RUN_IMAGE}"\nmirrors = ["${mirror}"]\n`);
  process.env['PACK_HOME'] = packHome;
  onTestFinished(() => void delete process.env['PACK_HOME']);
  const image = `${registry.address}/me/hello:1`;
  const { digest, output } = await buildImage(
    way,
    copyOfSample('hello-esm'),
    image,
    '--publish',
    '--env',
    'FUNC_NAME=hello',
  );
  const inspect = ['inspect', '--tls-verify=false', '--format', '{{.Digest}}', `docker://${image}`];
  const { stdout } = await execa('skopeo', inspect);
  expect(digest).toBe(stdout.trim());
  const raw = await execa('skopeo', ['inspect', '--tls-verify=false', '--raw', `docker://${image}`]);
  const manifest: { layers: { size: number }[] } = JSON.parse(raw.stdout);
  const megabytes = manifest.layers.reduce((sum, { size }) => sum + size, 0) / 1e6;
  expect(output).toContain(`size      ${megabytes.toFixed(1)} MB compressed`);
});
