import { expect, test } from 'vitest';
import { decodeManifest } from '../../../src/base/function-manifest.ts';

const MANIFEST = { schemaVersion: 1, functions: [], inputs: [], outputs: [], runtime: { framework: '1', node: '24' } };

test('a manifest is read from a label', () => {
  expect(decodeManifest(JSON.stringify(MANIFEST))).toEqual(MANIFEST);
});

test.each([undefined, '', '{', 'null', '[]', '{"schemaVersion": 2}', '{"schemaVersion": 1}'])('%s is none', (label) => {
  expect(decodeManifest(label)).toBeUndefined();
});
