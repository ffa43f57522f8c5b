import { existsSync, readlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { makeSite } from '../../support/buildpack.ts';
import { comeBack, seen, TAKEN } from '../../support/earlier-image.ts';
import { json, lockFile, monorepo, NPM_CACHE, plainApp } from '../../support/shape.ts';

type Files = Readonly<Record<string, string>>;

const HELLO = { FUNC_NAME: 'hello', npm_config_cache: NPM_CACHE };
const EXPRESS: Files = {
  'package.json': json({ name: 'app', dependencies: { express: '5.1.0' } }),
  'index.js': `const express = require('express');
const app = express();
app.get('/', (req, res) => res.send('hello'));
exports.hello = app;
`,
};
const TEXT = 'packages/text/index.js';
const PNPM_WORKSPACES: Files = {
  ...monorepo('workspace:*', { workspaces: undefined }),
  'pnpm-workspace.yaml': 'packages:\n  - packages/*\n',
  'pnpm-lock.yaml': lockFile('workspace.pnpm-10'),
};
/** Two workspaces that want two versions of a package: one of them has it for itself. */
const TWO_VERSIONS: Files = {
  ...monorepo('1.0.0', { dependencies: { 'is-number': '6.0.0' } }),
  'packages/text/index.js':
    "module.exports = (value) => require('is-number/package.json').version === '7.0.0' && value;\n",
};
/** A function that needs its sibling to load. */
const AT_ONCE: Files = {
  'packages/fn/index.js': "const text = require('@me/text');\nexports.hello = (req, res) => res.end(text('hello'));\n",
};
/** What a function does with a package while it loads, which stand-ins can not answer for. */
const ASKING: Files = {
  ...plainApp(),
  'package-lock.json': lockFile('plain.npm'),
  'index.js': `const odd = require('is-odd');
if (odd(2) !== false) throw new Error('not the package');
exports.hello = (req, res) => res.end();
`,
};

test.each<[string, Files, Record<string, string>]>([
  ['a function that Express makes', EXPRESS, {}],
  ['a function that asks packages while it loads', ASKING, {}],
  [
    'an install script that leaves nothing in the app',
    { ...plainApp({ scripts: { postinstall: 'node -e 0' } }), 'package-lock.json': lockFile('plain.npm') },
    {},
  ],
])(
  '%s: an unchanged source needs no network, no install and no boot, and gives the same image',
  async (_, files, env) => {
    const site = makeSite(files);
    const first = await site.build({ ...HELLO, ...env });
    expect([first.exitCode, first.output]).toEqual([0, expect.stringContaining('Dependencies: installing')]);
    const image = seen(site);
    comeBack(site, files);
    const { exitCode, output } = await site.buildCutOff({ ...HELLO, ...env });
    expect(output).toContain(TAKEN);
    expect(output).toContain('Function "hello": booted in that build, http signature');
    expect(exitCode).toBe(0);
    expect(seen(site)).toEqual(image);
    expect(readlinkSync(join(site.app, 'node_modules'))).toBe(join(site.layers, 'modules/node_modules'));
  },
);

test.each<[string, Files]>([
  ['npm workspaces', { ...monorepo('1.0.0'), 'package-lock.json': lockFile('workspace.npm') }],
  ['npm workspaces with two versions of a package', TWO_VERSIONS],
  ['a workspace of pnpm', PNPM_WORKSPACES],
  ['Yarn 1 workspaces', { ...monorepo('1.0.0'), 'yarn.lock': lockFile('workspace.yarn-1') }],
  ['Yarn 3 workspaces', { ...monorepo('workspace:*'), 'yarn.lock': lockFile('workspace.yarn-3') }],
  ['bun workspaces', { ...monorepo('workspace:*'), 'bun.lock': lockFile('workspace.bun') }],
])('%s: neither an unchanged source nor a changed line needs network or an install', async (_, shape) => {
  const files = { ...shape, ...AT_ONCE };
  const env = { ...HELLO, FUNC_SRC: 'packages/fn' };
  const site = makeSite(files);
  expect(await site.build(env)).toMatchObject({ exitCode: 0 });
  const image = seen(site);
  // What managers read by themselves is in the key.
  expect(image.join('\n')).not.toContain('looks');
  comeBack(site, files);
  const unchanged = await site.buildCutOff(env);
  expect([unchanged.exitCode, unchanged.output]).toEqual([0, expect.stringContaining(TAKEN)]);
  expect(seen(site)).toEqual(image);

  comeBack(site, { ...files, [TEXT]: `${files[TEXT]}// changed\n` });
  const changed = await site.buildCutOff(env);
  expect([changed.exitCode, changed.output]).toEqual([0, expect.stringContaining('Dependencies: reused')]);
  expect(changed.output).toContain('Function "hello": boots');
  const ofLayer = (text: string): boolean => text.startsWith('modules.');
  expect(seen(site).filter(ofLayer)).toEqual(image.filter(ofLayer));
  expect(existsSync(join(site.layers, 'modules'))).toBe(false);

  comeBack(site, { ...files, [TEXT]: 'module.exports = (;\n' });
  const broken = await site.build(env);
  expect([broken.exitCode, broken.output]).toEqual([1, expect.stringContaining(TEXT)]);
});

test('a line that is changed and changed back gives the first image again, without an install', async () => {
  const files = {
    ...plainApp(),
    'package-lock.json': lockFile('plain.npm'),
    'index.js': "const odd = require('is-odd');\nexports.hello = () => [1].map((value) => odd(value));\n",
  };
  const site = makeSite(files);
  expect(await site.build(HELLO)).toMatchObject({ exitCode: 0 });
  const image = seen(site);
  comeBack(site, { ...files, 'index.js': `${files['index.js']}// changed\n` });
  expect(await site.buildCutOff(HELLO)).toMatchObject({ exitCode: 0 });
  comeBack(site, files);
  const { exitCode, output } = await site.buildCutOff(HELLO);
  expect([exitCode, output]).toEqual([0, expect.not.stringContaining(TAKEN)]);
  expect(seen(site)).toEqual(image);
});

test('a rebuild gives a function no package that its sibling alone depends on', async () => {
  const files = { ...PNPM_WORKSPACES, ...AT_ONCE };
  const env = { ...HELLO, FUNC_SRC: 'packages/fn' };
  const site = makeSite(files);
  expect(await site.build(env)).toMatchObject({ exitCode: 0 });
  comeBack(site, { ...files, 'packages/fn/index.js': `require('is-number');\n${AT_ONCE['packages/fn/index.js']}` });
  const { exitCode, output } = await site.build(env);
  expect([exitCode, output]).toEqual([1, expect.stringContaining('OFN-FUNC-DEPENDENCY')]);
});

test.each<[string, Files, Record<string, string>]>([
  ['a file', { 'data.json': '[]' }, {}],
  ['a variable', {}, { SOME: 'other' }],
  ['a setting', {}, { FUNC_TYPE: 'event' }],
  ['settings of the package manager', { '.npmrc': 'fund=false\n' }, {}],
])('%s that changes is built', async (_, files, env) => {
  const site = makeSite(ASKING);
  expect(await site.build(HELLO)).toMatchObject({ exitCode: 0 });
  comeBack(site, { ...ASKING, ...files });
  const { exitCode, output } = await site.build({ ...HELLO, ...env });
  expect(output).not.toContain(TAKEN);
  expect(exitCode).toBe(0);
});

test('the history of the app and modes of a checkout count for nothing', async () => {
  const site = makeSite(ASKING);
  expect(await site.build(HELLO)).toMatchObject({ exitCode: 0 });
  comeBack(site, { ...ASKING, '.git/HEAD': 'ref: refs/heads/other\n' });
  writeFileSync(join(site.app, 'index.js'), ASKING['index.js'] ?? '', { mode: 0o600 });
  const { output } = await site.buildCutOff(HELLO);
  expect(output).toContain(TAKEN);
});

test('no label depends on a secret, be it short', async () => {
  const inBase64 = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');
  const withSecret = (secret: string): [Files, Record<string, string>] => [
    {
      ...ASKING,
      'package.json': (ASKING['package.json'] ?? '').replace(
        '"dependencies":{',
        `"resolutions":{"private":"https://me:${secret}@git.example.com/private.tgz"},"dependencies":{`,
      ),
      '.npmrc': `//r.example.com/:_password="${secret}"\n`,
      'project.toml': `[_]\nschema-version = "0.2"\n[[io.buildpacks.build.env]]\nname = "DB_PASS"\nvalue = "${secret}"\n`,
    },
    { ...HELLO, NPM_TOKEN: secret, STRIPE_KEY: secret, FUNC_ENV_B64URL: inBase64({ MAIL_PASSWORD: secret }) },
  ];
  const [files, env] = withSecret('abc');
  const site = makeSite(files);
  expect(await site.build(env)).toMatchObject({ exitCode: 0 });
  const image = seen(site);
  const [others, otherEnv] = withSecret('xyz1');
  comeBack(site, others);
  const { output, exitCode } = await site.buildCutOff(otherEnv);
  expect([exitCode, output]).toEqual([0, expect.stringContaining(TAKEN)]);
  expect(seen(site)).toEqual(image);
});

test('what a build warned of is told again', async () => {
  const files = { ...ASKING, 'plugins/broken.js': 'throw new Error("broken");\n' };
  const site = makeSite(files);
  const first = await site.build(HELLO);
  const warning = first.output.split('\n').find((line) => line.includes("Couldn't load the plugin"));
  expect(warning).toContain('plugins/broken.js');
  comeBack(site, files);
  const { output } = await site.buildCutOff(HELLO);
  expect(output).toContain(TAKEN);
  expect(output).toContain(warning);
});
