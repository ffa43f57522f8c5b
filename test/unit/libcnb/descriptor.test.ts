import { expect, test } from 'vitest';
import { readDescriptor } from '../../../src/libcnb/descriptor.ts';
import { failureOf } from '../../support/failure.ts';
import { makeFolder } from '../../support/workspace.ts';

const BUILDPACK = '[buildpack]\nid = "a/b"\nversion = "1.2.3"\n';

test('reads the example of the specification', async () => {
  const text = `api = "0.10"
${BUILDPACK}name = "A"
sbom-formats = ["application/vnd.cyclonedx+json"]
[[targets]]
os = "linux"
arch = "amd64"
[[targets]]
os = "linux"
arch = "arm64"
variant = "v8"
[[targets.distros]]
name = "debian"
version = "13"
[[targets.distros]]
name = "ubuntu"
[metadata]
x = 1
`;
  expect(await readDescriptor(makeFolder({ 'buildpack.toml': text }))).toEqual({
    id: 'a/b',
    version: '1.2.3',
    sbomFormats: ['application/vnd.cyclonedx+json'],
    targets: [
      { os: 'linux', arch: 'amd64', distros: [] },
      { os: 'linux', arch: 'arm64', variant: 'v8', distros: [{ name: 'debian', version: '13' }, { name: 'ubuntu' }] },
    ],
    metadata: { x: 1 },
  });
});

test.each([
  ['another api, before anything else', 'api = "0.3"\n[buildpack]\nid = 1'],
  ['no api', BUILDPACK],
  ['no buildpack', 'api = "0.10"'],
  ['an id that is no text', 'api = "0.10"\n[buildpack]\nid = 1\nversion = "1"'],
  ['targets that are no list', `api = "0.10"\n${BUILDPACK}[targets]\nos = "linux"`],
  ['an architecture that is no text', `api = "0.10"\n${BUILDPACK}[[targets]]\narch = 64`],
  ['a version that is no text', `api = "0.10"\n${BUILDPACK}[[targets]]\n[[targets.distros]]\nname = "a"\nversion = 13`],
  ['formats that are no list', `api = "0.10"\n${BUILDPACK}sbom-formats = "x"`],
])('%s is refused', async (_, text) => {
  const buildpack = makeFolder({ 'buildpack.toml': text });
  expect(await failureOf(() => readDescriptor(buildpack), { buildpack })).toMatchSnapshot();
});
