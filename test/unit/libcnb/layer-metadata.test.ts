import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { addMetadata, readLayerRecords } from '../../../src/libcnb/layer-metadata.ts';
import { makeFolder } from '../../support/workspace.ts';

test('every layer is read by name, those that were restored and not taken over too', async () => {
  const layers = makeFolder({
    'modules.toml': '[types]\nlaunch = true\n[metadata]\nkey = "a"\n',
    'node.toml': '[metadata]\nversion = "24.21.0"\n',
    'downloads.toml': '[types]\ncache = true\n',
    'launch.toml': '',
    'store.toml': '',
    'modules.sbom.cdx.json': '{}',
  });
  expect([...(await readLayerRecords(layers))]).toEqual([
    ['downloads', { metadata: {}, launch: false }],
    ['modules', { metadata: { key: 'a' }, launch: true }],
    ['node', { metadata: { version: '24.21.0' }, launch: false }],
  ]);
});

test('a first build has no layers', async () => {
  expect([...(await readLayerRecords(join(makeFolder(), 'layers')))]).toEqual([]);
});

test('keys are added to the metadata, and everything else stays', async () => {
  const layers = makeFolder({ 'node.toml': '[types]\nlaunch = true\n[metadata]\nversion = "24.21.0"\nmade = "x"\n' });
  await addMetadata(layers, 'node', { made: { of: { version: '24.21.0' } } });
  expect(readFileSync(join(layers, 'node.toml'), 'utf8')).toMatchInlineSnapshot(`
    "[types]
    launch = true

    [metadata]
    version = "24.21.0"

    [metadata.made.of]
    version = "24.21.0"
    "
  `);
});
