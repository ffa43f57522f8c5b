import { symlinkSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { makeSite, type Site } from '../../support/buildpack.ts';
import { json, lockFile, monorepo, NPM_CACHE, plainApp } from '../../support/shape.ts';

const FN = 'packages/fn';
const ENV = { FUNC_NAME: 'hello', npm_config_cache: NPM_CACHE };
const USING = (specifier: string): string => `require('${specifier}'); exports.hello = (req, res) => res.end();`;

/** An app that is a folder of a repository: the build sees the rest of that, and the image has none of it. */
function makeFolderSite(files: Readonly<Record<string, string>>): Site {
  return makeSite(files, undefined, FN);
}

/** What a build printed, with the repository by name. */
async function failureOf(site: Site): Promise<string> {
  const { exitCode, output } = await site.build(ENV);
  expect(exitCode).toBe(1);
  const repository = dirname(dirname(site.app));
  return output.slice(output.indexOf('ERROR')).replaceAll(repository, '<repository>');
}

const PNPM = { 'pnpm-workspace.yaml': 'packages:\n  - packages/*\n', 'pnpm-lock.yaml': lockFile('workspace.pnpm-10') };

test.each<[string, Readonly<Record<string, string>>]>([
  ['npm', { ...monorepo('1.0.0'), 'package-lock.json': lockFile('workspace.npm') }],
  ['pnpm', { ...monorepo('workspace:*', { workspaces: undefined }), ...PNPM }],
  ['Yarn 3', { ...monorepo('workspace:*'), 'yarn.lock': lockFile('workspace.yarn-3') }],
])('a workspace of %s is refused, with the way to build it', async (_, files) => {
  expect(await failureOf(makeFolderSite(files))).toMatchSnapshot();
});

test.each<[string, Readonly<Record<string, string>>]>([
  ['a file beside the app', { 'shared/x.js': '', [`${FN}/index.js`]: USING('../../shared/x.js') }],
  ['an ES module', { 'shared/x.js': '', [`${FN}/index.mjs`]: `import '../../shared/x.js'; export const hello = 1;` }],
  ["a package of somebody else's", { 'node_modules/leftp/index.js': '', [`${FN}/index.js`]: USING('leftp') }],
])('%s is not there for the boot check', async (_, files) => {
  expect(await failureOf(makeFolderSite(files))).toMatchSnapshot();
});

test('a link out of the app is not there for the boot check, and is told where nothing needs it', async () => {
  const site = makeFolderSite({ 'shared/x.js': '', [`${FN}/index.js`]: USING('./shared/x.js') });
  symlinkSync('../../shared', join(site.app, 'shared'));
  expect(await failureOf(site)).toMatchSnapshot();
  const unused = makeFolderSite({ 'shared/x.js': '', [`${FN}/index.js`]: USING('node:fs') });
  symlinkSync('../../shared', join(unused.app, 'shared'));
  const { exitCode, output } = await unused.build(ENV);
  expect(output).toContain('shared leads to ../../shared, outside of the app: the image does not have it.');
  expect(exitCode).toBe(0);
});

test('code that does without an optional module does so', async () => {
  const optional = `try { ${USING('leftp')} } catch { exports.hello = (req, res) => res.end(); }`;
  const site = makeFolderSite({ 'node_modules/leftp/index.js': '', [`${FN}/index.js`]: optional });
  expect((await site.build(ENV)).exitCode).toBe(0);
});

const OTHERS = {
  'package.json': json({ name: 'others', workspaces: ['apps/*'] }),
  'pnpm-workspace.yaml': 'packages:\n  - apps/*\n',
  'yarn.lock': '',
};

test.each([
  ['npm', {}],
  ['pnpm 7', { packageManager: 'pnpm@7.33.7' }],
  ['pnpm 12', { packageManager: 'pnpm@12.21.0' }],
  ['Yarn 4', { packageManager: 'yarn@4.18.1' }],
])('%s installs into an app that the project above it does not count in', async (_, more) => {
  const app = Object.entries(plainApp(more)).map(([path, text]) => [`${FN}/${path}`, text]);
  const site = makeFolderSite({ ...OTHERS, ...Object.fromEntries(app) });
  const { exitCode, output } = await site.build(ENV);
  expect(output).toContain('Function "hello": boots');
  expect(exitCode).toBe(0);
});
