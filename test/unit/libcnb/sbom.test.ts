import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { sbomPath, writeSbom } from '../../../src/libcnb/sbom.ts';
import { failureOf } from '../../support/failure.ts';
import { makeFolder } from '../../support/workspace.ts';

const DESCRIPTOR = { id: 'a/b', version: '1', sbomFormats: ['application/spdx+json'], targets: [], metadata: {} };

test('names follow subject and format', () => {
  expect(sbomPath('/layers', 'launch', 'cyclonedx')).toBe('/layers/launch.sbom.cdx.json');
  expect(sbomPath('/layers', 'build', 'syft')).toBe('/layers/build.sbom.syft.json');
  expect(sbomPath('/layers', { layer: 'modules' }, 'spdx')).toBe('/layers/modules.sbom.spdx.json');
});

test('writes a listed format and refuses another', async () => {
  const layers = makeFolder();
  await writeSbom(layers, DESCRIPTOR, { subject: 'launch', format: 'spdx', document: { a: 1 } });
  expect(JSON.parse(readFileSync(sbomPath(layers, 'launch', 'spdx'), 'utf8'))).toEqual({ a: 1 });
  const act = () => writeSbom(layers, DESCRIPTOR, { subject: 'launch', format: 'syft', document: {} });
  expect(await failureOf(act)).toMatchInlineSnapshot(`
    "ERROR [OFN-CNB-SBOM] Couldn't write an SBOM: buildpack.toml does not list application/vnd.syft+json.

    Add it to "sbom-formats" in [buildpack]."
  `);
});
