import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { packageResources } from '../../../src/cli/provenance/package-resources.ts';
import { sourceResources } from '../../../src/cli/provenance/source-resources.ts';
import { statementOf } from '../../../src/cli/provenance/statement.ts';
import { json } from '../../support/shape.ts';
import { terminalOf } from '../../support/terminal.ts';
import { makeFolder } from '../../support/workspace.ts';

const LOCKS = ['package-lock.json', 'yarn.lock'];
const IMAGE = { name: 'hello', digest: `sha256:${'a'.repeat(64)}` };
const env = { PATH: process.env['PATH'] };

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

const git = (folder: string, ...args: readonly string[]): string =>
  execFileSync('git', ['-C', folder, '-c', 'user.name=a', '-c', 'user.email=a@b.c', ...args], {
    encoding: 'utf8',
  }).trim();

const resourcesOf = async (folder: string) =>
  sourceResources({ folder, copy: folder, lockFiles: LOCKS }, terminalOf({ env }));

test('a statement has the image, what it was made from and by what, and no time', () => {
  const statement = statementOf({
    image: IMAGE,
    builder: { name: 'builder', digest: `sha256:${'b'.repeat(64)}` },
    runImage: { name: 'run', digest: `sha256:${'c'.repeat(64)}` },
    platform: 'linux/amd64',
    variables: ['FUNC_NAME', 'TOKEN'],
    version: '1.0.0',
    source: [{ name: 'source', digest: { dirHash: '1' } }],
    packages: [{ uri: 'pkg:npm/a@1.0.0', digest: { sha512: '2' } }],
  });
  expect(statement).toMatchInlineSnapshot(`
    {
      "_type": "https://in-toto.io/Statement/v1",
      "predicate": {
        "buildDefinition": {
          "buildType": "https://github.com/openfunction/builder-node/blob/main/docs/supply-chain.md#provenance",
          "externalParameters": {
            "builder": "builder",
            "image": "hello",
            "platform": "linux/amd64",
            "variables": [
              "FUNC_NAME",
              "TOKEN",
            ],
          },
          "internalParameters": {},
          "resolvedDependencies": [
            {
              "digest": {
                "dirHash": "1",
              },
              "name": "source",
            },
            {
              "digest": {
                "sha256": "cccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccc",
              },
              "name": "run",
              "uri": "docker://run",
            },
            {
              "digest": {
                "sha512": "2",
              },
              "uri": "pkg:npm/a@1.0.0",
            },
          ],
        },
        "runDetails": {
          "builder": {
            "builderDependencies": [
              {
                "digest": {
                  "sha256": "bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb",
                },
                "name": "builder",
                "uri": "docker://builder",
              },
            ],
            "id": "https://github.com/openfunction/builder-node#ofn-build",
            "version": {
              "ofn": "1.0.0",
            },
          },
        },
      },
      "predicateType": "https://slsa.dev/provenance/v1",
      "subject": [
        {
          "digest": {
            "sha256": "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
          },
          "name": "hello",
        },
      ],
    }
  `);
});

test('a folder is known by its files, as in-toto defines it, without those of git', async () => {
  const folder = makeFolder({ 'index.js': 'exports', 'lib/a.js': 'a', 'lib.js': 'b', 'lib/yarn.lock': 'lock' });
  const [files] = await resourcesOf(folder);
  const command = `find . -type f | cut -c3- | LC_ALL=C sort | xargs sha256sum | sha256sum | cut -f1 -d' '`;
  const expected = execFileSync('sh', ['-c', command], { cwd: folder, encoding: 'utf8' }).trim();
  expect(files).toEqual({ name: 'source', digest: { dirHash: expected } });
  git(folder, 'init', '--quiet');
  expect((await resourcesOf(folder))[0]).toEqual(files);
});

test('lock files are named one by one, and the commit where the folder is as git has it', async () => {
  const folder = makeFolder({ 'index.js': '', 'package-lock.json': '{}', '.gitignore': 'node_modules\n' });
  git(folder, 'init', '--quiet');
  git(folder, 'remote', 'add', 'origin', 'https://me:token@example.com/me/hello.git');
  git(folder, 'add', '--all');
  git(folder, 'commit', '--quiet', '--message', 'first');
  const commit = git(folder, 'rev-parse', 'HEAD');
  const lock = { name: 'package-lock.json', digest: { sha256: sha256('{}') } };
  expect((await resourcesOf(folder)).slice(1)).toEqual([
    { name: 'commit', uri: 'git+https://example.com/me/hello.git', digest: { gitCommit: commit } },
    lock,
  ]);
  execFileSync('sh', ['-c', 'mkdir node_modules && touch node_modules/ignored'], { cwd: folder });
  expect((await resourcesOf(folder)).slice(1)).toEqual([lock]);
});

test('packages are those of all bills, each once, with what is known of them', async () => {
  const hashed = (purl: string, content: string) => ({
    purl,
    hashes: [{ alg: 'SHA-512', content }],
    externalReferences: [{ type: 'distribution', url: 'https://example.com/a.tgz' }],
  });
  const layers = makeFolder({
    'sbom/launch/me_node/modules/sbom.cdx.json': json({
      components: [hashed('pkg:npm/b@1.0.0', 'ff'), { purl: 'pkg:npm/a@1.0.0' }],
    }),
    'sbom/launch/me_node/modules/sbom.spdx.json': '{',
    'sbom/build/me_node/sbom.cdx.json': json({
      components: [hashed('pkg:npm/a@1.0.0', 'ee'), { purl: 'pkg:golang/x@1' }],
    }),
    'sbom/build/other/sbom.cdx.json': json({}),
  });
  const more = { downloadLocation: 'https://example.com/a.tgz' };
  expect(await packageResources(layers)).toEqual([
    { uri: 'pkg:npm/a@1.0.0', digest: { sha512: 'ee' }, ...more },
    { uri: 'pkg:npm/b@1.0.0', digest: { sha512: 'ff' }, ...more },
  ]);
  expect(await packageResources(makeFolder())).toEqual([]);
});
