import { expect, test } from 'vitest';
import { findRequests, type FoundRequests } from '../../../../src/buildpack/node/sources.ts';
import { readProject, readVariables } from '../../../../src/buildpack/project/project.ts';
import { failureOf } from '../../../support/failure.ts';
import { makeFolder } from '../../../support/workspace.ts';

async function requestsIn(files: Record<string, string>, env: Record<string, string> = {}): Promise<FoundRequests> {
  const appDir = makeFolder(files);
  const { packageJson, projectDir, sources } = await readProject(
    appDir,
    await readVariables({ appDir, env, userEnv: env }),
  );
  return findRequests({ appDir, projectDir, sources, packageJson });
}

/** Every place, the one that wins first. */
const ALL: readonly [string, Record<string, string>, object][] = [
  ['BP_NODE_VERSION', { BP_NODE_VERSION: '22.18.1' }, {}],
  ['FUNC_RUNTIME_VERSION', { FUNC_RUNTIME_VERSION: '22.18.2' }, {}],
  ['"node" in package.json', {}, { openfunction: { node: '22.18.3' } }],
  ['FUNC_RUNTIME', { FUNC_RUNTIME: 'NodeJS22.18.4' }, {}],
  ['engines.node', {}, { engines: { node: '22.18.5' } }],
  ['.nvmrc', {}, { '.nvmrc': '22.18.6' }],
  ['.node-version', {}, { '.node-version': '22.18.7' }],
  ['.tool-versions', {}, { '.tool-versions': 'nodejs 22.18.8' }],
  ['volta.node', {}, { volta: { node: '22.18.9' } }],
  ['devEngines.runtime', {}, { devEngines: { runtime: { name: 'node', version: '22.18.10' } } }],
];

/** Where the places begin that are not the build's one setting. */
const FILES = ALL.findIndex(([place]) => place === 'FUNC_RUNTIME');

test.each(ALL.map(([place], index) => [place, index] as const))(
  '%s wins over the places after it',
  async (place, index) => {
    const given = ALL.slice(index);
    const env = Object.assign({}, ...given.map(([, variables]) => variables)) as Record<string, string>;
    const said = Object.entries(Object.assign({}, ...given.map(([, , files]) => files)) as Record<string, unknown>);
    const files = said.filter((entry): entry is [string, string] => typeof entry[1] === 'string');
    const manifest = JSON.stringify(Object.fromEntries(said.filter(([, value]) => typeof value !== 'string')));
    const { request, others } = await requestsIn({ ...Object.fromEntries(files), 'package.json': manifest }, env);
    expect(request).toMatchObject({ source: place, text: `22.18.${index + 1}` });
    expect(others.map(({ source }) => source)).toEqual(ALL.slice(Math.max(index + 1, FILES)).map(([name]) => name));
  },
);

test.each<[string, Record<string, string>, string | undefined]>([
  ['a comment and blank lines before', { '.nvmrc': '\n# ours\nv22.18.0 # pinned\n' }, 'v22.18.0'],
  ['carriage returns and a byte order mark', { '.nvmrc': '\uFEFF22\r\n' }, '22'],
  ['an empty file', { '.nvmrc': '\n', '.node-version': '24' }, '24'],
  ['other tools beside it', { '.tool-versions': 'python 3.12\nnodejs 22.18.0 20.1.0 # both\n' }, '22.18.0'],
  ["mise's name", { '.tool-versions': 'node lts\n' }, 'lts'],
  ['other tools alone', { '.tool-versions': 'python 3.12\n' }, undefined],
  [
    'a list of runtimes',
    { 'package.json': '{"devEngines": {"runtime": [{"name": "bun"}, {"name": "node", "version": "24"}]}}' },
    '24',
  ],
  ['another runtime', { 'package.json': '{"devEngines": {"runtime": {"name": "bun", "version": "1"}}}' }, undefined],
  ['no file at all', {}, undefined],
])('%s', async (_, files, text) => {
  expect((await requestsIn(files)).request?.text).toBe(text);
});

test('what can not be read is an error where it would win, and nothing elsewhere', async () => {
  const files = { '.nvmrc': 'system', '.node-version': '24' };
  expect(await failureOf(() => requestsIn(files))).toContain('.nvmrc asks for "system"');
  const found = await requestsIn({ ...files, 'package.json': '{"engines": {"node": "24"}}' });
  expect(found).toMatchObject({ request: { source: 'engines.node' }, others: [{ source: '.node-version' }] });
});

test.each<[string, string | undefined]>([
  ['node', undefined],
  ['NodeJS', undefined],
  ['nodejs22', '22'],
  ['node-24', '24'],
  ['nodejs:22.18', '22.18'],
])('the runtime %s asks for %s', async (runtime, text) => {
  const { request } = await requestsIn({}, { FUNC_RUNTIME: runtime });
  expect(request?.text).toBe(text);
});

test('another runtime is refused by its name', async () => {
  expect(await failureOf(async () => requestsIn({}, { FUNC_RUNTIME: 'python312' }))).toMatchInlineSnapshot(`
    "ERROR [OFN-CONFIG] Couldn't use FUNC_RUNTIME: this buildpack has no runtime "python312".

    Set FUNC_RUNTIME to nodejs, or leave it out; functions in other languages need a builder of theirs."
  `);
});
