import { join } from 'node:path';
import { expect, test } from 'vitest';
import { refuseOutside } from '../../../../src/buildpack/proof/outside-app.ts';
import { readPackageJson } from '../../../../src/buildpack/project/package-json.ts';
import { failureOf } from '../../../support/failure.ts';
import { makeFolder } from '../../../support/workspace.ts';

const ROOT = { 'package.json': '{"workspaces": ["packages/*"]}' };

/** A repository whose project is packages/fn, built from the folder `app` of it. */
async function refuse(app: string, dependencies: object, files: Readonly<Record<string, string>> = {}): Promise<void> {
  const repository = makeFolder({ 'packages/fn/package.json': JSON.stringify({ dependencies }), ...files });
  const place = { appDir: join(repository, app), projectDir: join(repository, 'packages/fn') };
  const packageJson = await readPackageJson(place.projectDir);
  if (packageJson !== undefined) await refuseOutside(place, packageJson);
}

test.each<[string, string, object, Readonly<Record<string, string>>]>([
  ['a workspace of a project above the app', 'packages/fn', {}, ROOT],
  ['a folder of a workspace', 'packages', {}, ROOT],
  ['a workspace of the app', '.', {}, ROOT],
  ['a sibling', 'packages/fn', { lib: 'workspace:^' }, {}],
  ['a folder', 'packages/fn', { lib: 'file:../lib' }, {}],
])('%s is refused', async (_, app, dependencies, files) => {
  expect(await failureOf(() => refuse(app, dependencies, files))).toMatchSnapshot();
});

test.each(['link:../../lib', 'portal:..', '../lib'])(
  'the dependency %s outside of the app is refused',
  async (range) => {
    expect(await failureOf(() => refuse('packages/fn', { lib: range }))).toContain('[OFN-DEPS-OUTSIDE]');
  },
);

test.each<[string, object, Readonly<Record<string, string>>]>([
  ['a folder of the app', { lib: 'file:../lib', other: '../../other' }, {}],
  ['a sibling that pnpm knows', { lib: 'workspace:*' }, { 'packages/fn/pnpm-workspace.yaml': 'packages: [lib]' }],
  ['a range', { lib: '^1.0.0', other: '~1.0.0' }, {}],
])('%s is not', async (_, dependencies, files) => {
  await expect(refuse('.', dependencies, files)).resolves.toBeUndefined();
});
