import { readdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openLayout } from '../../../src/oci/layout.ts';
import { failureOf } from '../../support/failure.ts';
import { layoutOf, tarOf } from '../../support/layout.ts';
import { makeFolder } from '../../support/workspace.ts';

test('reads manifest and configuration', async () => {
  const image = await openLayout(layoutOf([await tarOf({ a: '1' })]), 'amd64');
  expect(image?.layers.map(({ mediaType }) => mediaType)).toEqual(['application/vnd.oci.image.layer.v1.tar+gzip']);
  expect(image?.config).toEqual({
    env: { PATH: '/bin', A: 'b=c' },
    entrypoint: ['/main'],
    command: [],
    user: '1:2',
    workingDir: '/',
    labels: { l: 'v' },
  });
});

test('a folder without a layout has none', async () => {
  expect(await openLayout(makeFolder(), 'amd64')).toBeUndefined();
});

test('an index chooses by architecture', async () => {
  const folder = layoutOf([]);
  const entry = {
    digest: `sha256:${'0'.repeat(64)}`,
    size: 1,
    mediaType: 'm',
    platform: { os: 'linux', architecture: 'arm64' },
  };
  writeFileSync(join(folder, 'index.json'), JSON.stringify({ manifests: [entry] }));
  expect(await failureOf(() => openLayout(folder, 'amd64'), { folder })).toMatchInlineSnapshot(`
    "ERROR [OFN-IMAGE-LAYOUT] Couldn't read the OCI layout <folder>: it has no image for linux/amd64.

    Remove the folder and get the image again."
  `);
});

test.each<[string, string]>([
  ['not JSON', '{'],
  ['a list', '[]'],
  ['no manifests', '{}'],
  ['a digest that is a path', '{"manifests": [{"digest": "../../etc/passwd", "size": 1}]}'],
  ['a blob that is not there', `{"manifests": [{"digest": "sha256:${'0'.repeat(64)}", "size": 1}]}`],
  ['a manifest that is too large', `{"manifests": [{"digest": "sha256:${'0'.repeat(64)}", "size": 99999999}]}`],
])('%s is refused', async (_, index) => {
  const folder = makeFolder({ 'index.json': index });
  expect(await failureOf(() => openLayout(folder, 'amd64'), { folder })).toMatchSnapshot();
});

test('a manifest that was changed is refused', async () => {
  const folder = layoutOf([]);
  const blobs = join(folder, 'blobs/sha256');
  for (const name of readdirSync(blobs)) writeFileSync(join(blobs, name), ' '.repeat(statSync(join(blobs, name)).size));
  expect(await failureOf(() => openLayout(folder, 'amd64'), { folder })).toContain('OFN-IMAGE-LAYOUT');
});
