import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { chmodSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
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

const resourcesOf = async (folder: string, without?: string) =>
  sourceResources({ folder, copy: folder, without, lockFiles: LOCKS }, terminalOf({ env }));

/** The commit that a folder is said to be of. */
const commitOf = async (folder: string, without?: string): Promise<string | undefined> =>
  (await resourcesOf(folder, without)).find(({ name }) => name === 'commit')?.digest?.['gitCommit'];

/** A repository of one commit with some files. */
function makeRepository(files: Readonly<Record<string, string>>): string {
  const folder = makeFolder(files);
  git(folder, 'init', '--quiet');
  git(folder, 'add', '--all');
  git(folder, 'commit', '--quiet', '--message', 'first');
  return folder;
}

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
  const folder = makeRepository({ 'index.js': '', 'package-lock.json': '{}', '.gitignore': 'node_modules\n' });
  git(folder, 'remote', 'add', 'origin', 'https://me:token@example.com/me/hello.git');
  const commit = git(folder, 'rev-parse', 'HEAD');
  const lock = { name: 'package-lock.json', digest: { sha256: sha256('{}') } };
  expect((await resourcesOf(folder)).slice(1)).toEqual([
    { name: 'commit', uri: 'git+https://example.com/me/hello.git', digest: { gitCommit: commit } },
    lock,
  ]);
  execFileSync('sh', ['-c', 'mkdir node_modules && touch node_modules/ignored'], { cwd: folder });
  expect((await resourcesOf(folder)).slice(1)).toEqual([lock]);
});

test.each<[string, (folder: string) => void]>([
  [
    'a file that git is told not to show',
    (folder) => {
      git(folder, 'config', 'status.showUntrackedFiles', 'no');
      writeFileSync(join(folder, 'extra.js'), '');
    },
  ],
  [
    'a file that git is told to take for unchanged',
    (folder) => {
      git(folder, 'update-index', '--assume-unchanged', 'index.js');
      writeFileSync(join(folder, 'index.js'), '3');
    },
  ],
  [
    'a file that git is told to do without',
    (folder) => {
      git(folder, 'update-index', '--skip-worktree', 'lib/a.js');
      rmSync(join(folder, 'lib/a.js'));
    },
  ],
  [
    'a mode that git is told not to look at',
    (folder) => {
      git(folder, 'config', 'core.fileMode', 'false');
      chmodSync(join(folder, 'index.js'), 0o755);
    },
  ],
  [
    'ends of lines that git is told to change',
    (folder) => {
      git(folder, 'config', 'core.autocrlf', 'input');
      writeFileSync(join(folder, 'lib/a.js'), '2\r\n');
    },
  ],
  [
    'an object that stands for another one',
    (folder) => {
      writeFileSync(join(folder, 'index.js'), '3');
      git(folder, 'commit', '--quiet', '--all', '--message', 'second');
      git(folder, 'reset', '--quiet', '--soft', 'HEAD~');
      git(folder, 'replace', 'HEAD', 'HEAD@{1}');
    },
  ],
])('a folder is of no commit by %s', async (_, change) => {
  const folder = makeRepository({ 'index.js': '1', 'lib/a.js': '2\n' });
  expect(await commitOf(folder)).toBe(git(folder, 'rev-parse', 'HEAD'));
  change(folder);
  expect(await commitOf(folder)).toBeUndefined();
});

test.each(['sha1', 'sha256'])(
  'programs and links are of a commit too, in a folder of a repository, with %s',
  async (algorithm) => {
    const outer = makeFolder({ 'outside.js': '', 'fn/index.js': '1', 'fn/run.sh': '2' });
    const folder = join(outer, 'fn');
    chmodSync(join(folder, 'run.sh'), 0o755);
    symlinkSync('index.js', join(folder, 'link'));
    git(outer, 'init', '--quiet', `--object-format=${algorithm}`);
    git(outer, 'add', 'fn');
    git(outer, 'commit', '--quiet', '--message', 'first');
    expect(await commitOf(folder)).toBe(git(outer, 'rev-parse', 'HEAD'));
    expect(await commitOf(outer)).toBeUndefined();
  },
);

test('submodules are of a commit as it wants them', async () => {
  const library = makeRepository({ 'a.js': '1' });
  const folder = makeRepository({ 'index.js': '' });
  git(folder, '-c', 'protocol.file.allow=always', 'submodule', '--quiet', 'add', library, 'library');
  git(folder, 'commit', '--quiet', '--message', 'second');
  expect(await commitOf(folder)).toBe(git(folder, 'rev-parse', 'HEAD'));
  git(folder, 'config', 'submodule.library.ignore', 'all');
  writeFileSync(join(folder, 'library/a.js'), '2');
  expect(await commitOf(folder)).toBeUndefined();
});

test('what a build does without is no difference, be it in the commit or not', async () => {
  const folder = makeRepository({ 'index.js': '', 'old.json': '' });
  const commit = git(folder, 'rev-parse', 'HEAD');
  expect(await commitOf(folder, 'provenance.json')).toBe(commit);
  rmSync(join(folder, 'old.json'));
  expect(await commitOf(folder, 'old.json')).toBe(commit);
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
