import { expect, test } from 'vitest';
import { createSources } from '../../../../src/buildpack/config/sources.ts';
import { collectVariables } from '../../../../src/buildpack/config/variables.ts';
import { labelsOf } from '../../../../src/buildpack/labels/labels.ts';
import { readPackageJson } from '../../../../src/buildpack/project/package-json.ts';
import { failureOf } from '../../../support/failure.ts';
import { json } from '../../../support/shape.ts';
import { makeFolder } from '../../../support/workspace.ts';

const MANIFEST = {
  schemaVersion: 1,
  functions: [
    { name: 'hello', signatureType: 'http' },
    { name: 'bye', signatureType: 'cloudevent' },
  ],
  inputs: [],
  outputs: [],
  runtime: { framework: '1.0.0', node: '24.21.0' },
} as const;

async function labels(packageJson: object, env: Record<string, string> = {}): Promise<Record<string, string>> {
  const read = await readPackageJson(makeFolder({ 'package.json': json(packageJson) }));
  const sources = createSources(collectVariables(env), []);
  return labelsOf({ sources, packageJson: read, manifest: MANIFEST, abi: '137' });
}

test('package.json describes an image, without credentials', async () => {
  const described = await labels({
    name: '@me/hello',
    version: '1.2.3',
    description: 'Says\n hello',
    license: 'MIT',
    author: { name: 'Me', email: 'me@example.com' },
    homepage: 'https://me:secret@example.com/hello',
    repository: { type: 'git', url: 'git+https://token@github.com/me/hello.git' },
  });
  expect(described).toMatchInlineSnapshot(`
    {
      "io.openfunction.framework.version": "1.0.0",
      "io.openfunction.function": "{"schemaVersion":1,"functions":[{"name":"hello","signatureType":"http"},{"name":"bye","signatureType":"cloudevent"}],"inputs":[],"outputs":[],"runtime":{"framework":"1.0.0","node":"24.21.0"}}",
      "io.openfunction.function.name": "hello,bye",
      "io.openfunction.function.signature-type": "http",
      "io.openfunction.node.abi": "137",
      "io.openfunction.node.version": "24.21.0",
      "org.opencontainers.image.authors": "Me <me@example.com>",
      "org.opencontainers.image.description": "Says hello",
      "org.opencontainers.image.licenses": "MIT",
      "org.opencontainers.image.source": "https://github.com/me/hello",
      "org.opencontainers.image.title": "@me/hello",
      "org.opencontainers.image.url": "https://example.com/hello",
      "org.opencontainers.image.version": "1.2.3",
    }
  `);
});

test.each([
  ['me/hello', 'https://github.com/me/hello'],
  ['github:me/hello', 'https://github.com/me/hello'],
  ['git://github.com/me/hello.git', 'https://github.com/me/hello'],
  ['git+ssh://git@example.com/me/hello.git', 'https://example.com/me/hello'],
])('a repository %s is at %s', async (repository, address) => {
  expect((await labels({ repository }))['org.opencontainers.image.source']).toBe(address);
});

test('variables win over package.json, further labels are as they are told', async () => {
  const env = {
    BP_OCI_TITLE: 'Hello',
    BP_OCI_REVISION: 'abc',
    BP_IMAGE_LABELS: ` team=shop note="two words" empty='' a.b/c=d=e`,
  };
  expect(await labels({ name: 'x', author: 'Me' }, env)).toMatchObject({
    'org.opencontainers.image.title': 'Hello',
    'org.opencontainers.image.revision': 'abc',
    'org.opencontainers.image.authors': 'Me',
    team: 'shop',
    note: 'two words',
    empty: '',
    'a.b/c': 'd=e',
  });
});

test('what nobody says is said in place of the run image, which has labels of its own', async () => {
  const named = Object.entries(await labels({})).filter(([name]) => name.startsWith('org.'));
  expect(Object.fromEntries(named)).toEqual({
    'org.opencontainers.image.title': 'hello,bye',
    'org.opencontainers.image.description': 'The Node.js function hello,bye',
    'org.opencontainers.image.source': '',
  });
});

test.each([
  ['BP_IMAGE_LABELS', 'team'],
  ['BP_IMAGE_LABELS', 'note="two words'],
  ['BP_IMAGE_LABELS', 'io.buildpacks.build.metadata=x'],
  ['BP_OCI_TITLE', 'two\nlines'],
])('%s=%s is refused', async (name, value) => {
  expect(await failureOf(() => labels({}, { [name]: value }))).toMatchSnapshot();
});
