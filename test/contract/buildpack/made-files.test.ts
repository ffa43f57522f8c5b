import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { makeSite, type Site } from '../../support/buildpack.ts';
import { comeBack, seen, TAKEN } from '../../support/earlier-image.ts';
import { builtApp, COMPILED, json, lockFile, monorepo, nested, NPM_CACHE, plainApp } from '../../support/shape.ts';

type Files = Readonly<Record<string, string>>;
type Variables = Readonly<Record<string, string>>;

const CACHE = { npm_config_cache: NPM_CACHE };
const HELLO = { FUNC_NAME: 'hello', ...CACHE };
const RECORDED = 'recorded in the image; a build of the same source takes it over';
const NPM_LOCK = { 'package-lock.json': lockFile('plain.npm') };
const BUILD = { BP_NODE_RUN_SCRIPTS: 'build' };

/** A function whose sibling has a build script. */
const SIBLINGS: Files = {
  ...monorepo('1.0.0'),
  'package-lock.json': lockFile('workspace.npm'),
  'packages/fn/index.js': "const text = require('@me/text');\nexports.hello = (req, res) => res.end(text('hello'));\n",
  'packages/text/package.json': json({
    name: '@me/text',
    version: '1.0.0',
    main: 'dist/index.js',
    scripts: { build: "node -e \"fs.mkdirSync('dist');fs.copyFileSync('index.js','dist/index.js')\"" },
    dependencies: { 'is-number': '7.0.0' },
  }),
};
/** An application that a script makes, with a program, a link and a folder that it removes. */
const APPLICATION: Files = {
  ...plainApp({
    scripts: {
      start: 'node dist/server.js',
      build:
        "mkdirp dist && node -e \"fs.copyFileSync('index.js','dist/server.js');fs.chmodSync('dist/server.js',0o755);fs.symlinkSync('server.js','dist/link');fs.rmSync('assets',{recursive:true})\"",
    },
  }),
  ...NPM_LOCK,
  'assets/raw.txt': 'raw',
};
const CHANGED_ON_DISK = "node -e \"fs.writeFileSync('made.txt', 'made');fs.appendFileSync('index.js', '//made\\n')\"";

/** Builds where nothing is left of the build before but metadata, and there is no network: the image is the same. */
async function expectTaken(site: Site, files: Files, env: Variables): Promise<void> {
  const image = seen(site);
  comeBack(site, files);
  const { exitCode, output } = await site.buildCutOff(env);
  expect([exitCode, output]).toEqual([0, expect.stringContaining(TAKEN)]);
  expect(seen(site)).toEqual(image);
}

test.each<[string, Files, Variables, string]>([
  ['TypeScript that is compiled', COMPILED, HELLO, 'dist/index.js'],
  ['TypeScript, in a build that boots nothing', COMPILED, { ...HELLO, BP_FUNCTION_CHECK: 'off' }, 'dist/index.js'],
  ['the script build, with npm', { ...builtApp(), ...NPM_LOCK }, HELLO, 'dist/function.js'],
  ['a script that a variable names', { ...builtApp(), ...NPM_LOCK }, { ...HELLO, ...BUILD }, 'dist/function.js'],
  [
    'a build script with pnpm',
    { ...builtApp({ packageManager: 'pnpm@11.28.10' }), 'pnpm-lock.yaml': lockFile('plain.pnpm-10') },
    { ...HELLO, ...BUILD },
    'dist/function.js',
  ],
  [
    'a build script with Yarn 4',
    { ...builtApp({ packageManager: 'yarn@4.18.1' }), 'yarn.lock': lockFile('plain.yarn-4') },
    { ...HELLO, ...BUILD },
    'dist/function.js',
  ],
  [
    'a build script with bun',
    { ...builtApp({ packageManager: 'bun@1.4.5' }), 'bun.lock': lockFile('plain.bun') },
    { ...HELLO, ...BUILD },
    'dist/function.js',
  ],
  ['a script of a sibling', SIBLINGS, { ...HELLO, FUNC_SRC: 'packages/fn' }, 'packages/text/dist/index.js'],
  [
    'a script of a project in a folder',
    { ...nested('fn', { ...builtApp(), ...NPM_LOCK }), 'fn/shared/text.js': 'module.exports = (value) => value;\n' },
    { ...HELLO, ...BUILD, BP_NODE_PROJECT_PATH: 'fn' },
    'fn/dist/function.js',
  ],
  [
    'a script that also makes a package',
    {
      ...plainApp({
        main: 'dist.js',
        scripts: {
          build:
            "node -e \"fs.mkdirSync('node_modules/.made');fs.writeFileSync('node_modules/.made/index.js','');fs.copyFileSync('index.js','dist.js')\"",
        },
      }),
      ...NPM_LOCK,
    },
    HELLO,
    'node_modules/.made/index.js',
  ],
  ['an application', APPLICATION, CACHE, 'dist/server.js'],
  [
    'an install script that writes and changes files',
    { ...plainApp({ scripts: { postinstall: CHANGED_ON_DISK } }), ...NPM_LOCK },
    HELLO,
    'made.txt',
  ],
])('%s: no build of the same source needs network, an install or a boot', async (_, files, env, made) => {
  const site = makeSite(files);
  const first = await site.build(env);
  expect([first.exitCode, first.output]).toEqual([0, expect.stringContaining(RECORDED)]);
  expect(existsSync(join(site.app, made))).toBe(true);
  await expectTaken(site, files, env);
  await expectTaken(site, files, env);
});

test('sources that are left out are so in builds that take the image over', async () => {
  const site = makeSite(COMPILED);
  const env = { ...HELLO, FUNC_CLEAR_SOURCE: 'on' };
  expect((await site.build(env)).output).toContain(', 2 removed');
  expect(existsSync(join(site.app, 'src'))).toBe(false);
  await expectTaken(site, COMPILED, env);
});

test('an application with dependencies in its own folders is taken over', async () => {
  const files = {
    'package.json': json({ name: 'app', scripts: { start: 'node server.js' }, dependencies: { own: 'file:own' } }),
    'own/package.json': json({ name: 'own', version: '1.0.0', dependencies: { 'is-odd': '3.0.1' } }),
    'server.js': "require('own');\n",
  };
  const site = makeSite(files);
  expect(await site.build(CACHE)).toMatchObject({ exitCode: 0 });
  await expectTaken(site, files, CACHE);
});

test.each<[string, Files, Variables]>([
  ['a line', { 'src/index.ts': `${COMPILED['src/index.ts']}// changed\n` }, {}],
  [
    'tsconfig.json',
    { 'tsconfig.json': (COMPILED['tsconfig.json'] ?? '').replace('"types"', '"strict":true,"types"') },
    {},
  ],
  ['a variable', {}, { BUILD_NUMBER: '2' }],
  ['the commit', { '.git/HEAD': 'ref: refs/heads/main\n', '.git/refs/heads/main': 'b'.repeat(40) }, {}],
])('after %s has changed it is made again, also when the build before took it over', async (_, changed, more) => {
  const given = { ...COMPILED, '.git/HEAD': 'ref: refs/heads/main\n', '.git/refs/heads/main': 'a'.repeat(40) };
  const site = makeSite(given);
  expect(await site.build(HELLO)).toMatchObject({ exitCode: 0 });
  await expectTaken(site, given, HELLO);
  comeBack(site, { ...given, ...changed });
  const { exitCode, output } = await site.build({ ...HELLO, ...more });
  expect([exitCode, output]).toEqual([0, expect.stringContaining('TypeScript: compiling')]);
  expect(output).not.toContain(TAKEN);
  expect(output).toContain(RECORDED);
});

test.each<[string, object]>([
  ['a build script', { build: 'node make.js' }],
  ['an install script of the app', { postinstall: 'node make.js' }],
])('what %s made of the commit among packages is made again for another one', async (_, scripts) => {
  const make = `const fs = require('fs');
fs.mkdirSync('node_modules/version', { recursive: true });
fs.writeFileSync('node_modules/version/index.js', 'module.exports = ' + JSON.stringify(fs.readFileSync('.git/refs/heads/main', 'utf8')));
`;
  const given = {
    ...plainApp({ scripts }),
    ...NPM_LOCK,
    'make.js': make,
    'index.js': "console.log('made of ' + require('version')[0]);\nexports.hello = (req, res) => res.end();\n",
    '.git/HEAD': 'ref: refs/heads/main\n',
    '.git/refs/heads/main': 'a'.repeat(40),
  };
  const env = { ...HELLO, FUNC_DEBUG: '1', ...('build' in scripts ? { BP_NODE_RUN_SCRIPTS: 'build' } : {}) };
  const site = makeSite(given);
  expect((await site.build(env)).output).toContain('made of a');
  comeBack(site, { ...given, '.git/refs/heads/main': 'b'.repeat(40) });
  expect((await site.build(env)).output).toContain('made of b');
});

const made = (code: string): Files => ({
  ...plainApp({ main: 'dist.js', scripts: { build: `node -e "${code}"` } }),
  ...NPM_LOCK,
});

test.each<[string, Files, Variables, string]>([
  [
    'a token of the build',
    made("fs.writeFileSync('dist.js', fs.readFileSync('index.js') + '// ' + process.env.NPM_TOKEN)"),
    { NPM_TOKEN: 'c4nary-t0ken' },
    'WARNING: Made in the app: not recorded, dist.js has a secret of the build, and so has the image.',
  ],
  [
    'more than a label should have',
    made(
      "fs.copyFileSync('index.js', 'dist.js');fs.writeFileSync('noise.txt', crypto.createHash('shake256', { outputLength: 200000 }).digest())",
    ),
    {},
    'Made in the app: not recorded, 267.0 kB compressed are more than 128.0 kB. Every build makes it again; to change that, bundle and minify it',
  ],
])('%s is in no metadata, and made again', async (_, files, more, line) => {
  const env = { ...HELLO, ...more };
  const site = makeSite(files);
  for (const build of ['first', 'second']) {
    const { exitCode, output } = await site.build(env);
    expect([build, exitCode, output]).toEqual([build, 0, expect.stringContaining(line)]);
    expect(output).not.toContain(TAKEN);
    expect(readFileSync(join(site.layers, 'function.toml'), 'utf8')).not.toContain('files =');
    comeBack(site, files);
  }
});
