import { cpSync, existsSync, mkdirSync, readFileSync, symlinkSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { BUN } from '../../../../src/buildpack/managers/bun.ts';
import type { PackageManager } from '../../../../src/buildpack/managers/manager.ts';
import { NPM } from '../../../../src/buildpack/managers/npm.ts';
import { patchFor } from '../../../../src/buildpack/managers/patch.ts';
import { PNPM } from '../../../../src/buildpack/managers/pnpm.ts';
import { HOOKS, removeStandIns, withStandIn } from '../../../../src/buildpack/managers/stand-in.ts';
import { YARN_BERRY } from '../../../../src/buildpack/managers/yarn-berry.ts';
import { YARN_CLASSIC } from '../../../../src/buildpack/managers/yarn-classic.ts';
import { makeFolder } from '../../../support/workspace.ts';

const FRAMEWORK = '@openfunction/functions-framework';

test.each<[string, PackageManager, object]>([
  ['npm', NPM, { overrides: { a: '1', [FRAMEWORK]: 'file:/stand-in' } }],
  ['bun', BUN, { overrides: { a: '1', [FRAMEWORK]: 'file:/stand-in' } }],
  ['Yarn 1', YARN_CLASSIC, { resolutions: { b: '2', [FRAMEWORK]: 'link:/stand-in' } }],
  ['Yarn 4', YARN_BERRY, { resolutions: { b: '2', [FRAMEWORK]: 'portal:/stand-in' } }],
])('%s takes a folder in its place, besides what the project says, and of the root alone', async (_, manager, more) => {
  const root = { name: 'app', overrides: { a: '1' }, resolutions: { b: '2' } };
  const app = makeFolder({ 'package.json': JSON.stringify(root), 'packages/a/package.json': '{"name":"a"}' });
  const choice = { manager, version: undefined, hash: undefined, source: 'default', lock: undefined };
  const how = { production: false, ignoreScripts: false, standIn: '/stand-in', env: {} };
  const { texts } = await patchFor(app, choice, how);
  expect(JSON.parse(texts.get('package.json') ?? '')).toEqual({ ...root, ...more });
  expect(texts.has('packages/a/package.json')).toBe(false);
});

test('pnpm leaves it out by hooks of the moment', async () => {
  await withStandIn(async (folder) => {
    const hooks = join(folder, HOOKS);
    expect(PNPM.standIn(folder)).toEqual({
      env: { npm_config_global_pnpmfile: hooks, pnpm_config_global_pnpmfile: hooks },
    });
    const loaded: unknown = createRequire(import.meta.url)(hooks);
    const manifest = { dependencies: { a: '1', [FRAMEWORK]: '1' }, peerDependencies: { [FRAMEWORK]: '1' } };
    expect(loaded).toMatchObject({ hooks: { readPackage: expect.any(Function) } });
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the line above has looked
    const { readPackage } = (loaded as { hooks: { readPackage: (one: object) => object } }).hooks;
    expect(readPackage(manifest)).toEqual({ dependencies: { a: '1' }, peerDependencies: {} });
    expect(readPackage({ name: 'b' })).toEqual({ name: 'b' });
  });
});

test('links to it and copies of it are taken out of what was installed, real ones are not', async () => {
  const app = makeFolder({
    'node_modules/a/package.json': '{}',
    [`node_modules/b/node_modules/${FRAMEWORK}/package.json`]: '{"version": "0.6.1"}',
    'node_modules/c/node_modules/d/package.json': '{}',
    'packages/fn/node_modules/e/package.json': '{}',
  });
  const places = [
    `node_modules/${FRAMEWORK}`,
    `node_modules/a/node_modules/${FRAMEWORK}`,
    `node_modules/c/node_modules/${FRAMEWORK}`,
    `packages/fn/node_modules/${FRAMEWORK}`,
  ].map((path) => join(app, path));
  await withStandIn(async (folder) => {
    for (const [at, place] of places.entries()) {
      mkdirSync(dirname(place), { recursive: true });
      if (at % 2 === 0) symlinkSync(folder, place);
      else cpSync(folder, place, { recursive: true });
    }
    await removeStandIns(app, ['', 'packages/fn']);
    expect(existsSync(join(folder, 'package.json'))).toBe(true);
  });
  expect(places.filter((place) => existsSync(dirname(place)))).toEqual([]);
  expect(existsSync(join(app, 'node_modules/a/node_modules'))).toBe(false);
  expect(existsSync(join(app, 'node_modules/c/node_modules/d'))).toBe(true);
  expect(readFileSync(join(app, `node_modules/b/node_modules/${FRAMEWORK}/package.json`), 'utf8')).toContain('0.6.1');
});
