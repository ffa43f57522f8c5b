import { join, relative } from 'node:path';
import { expect, test } from 'vitest';
import { findWorkspaceRoot } from '../../../../src/buildpack/project/workspace-root.ts';
import { makeFolder } from '../../../support/workspace.ts';

const manifest = (workspaces: unknown): Record<string, string> => ({ 'package.json': JSON.stringify({ workspaces }) });
const yaml = (text: string): Record<string, string> => ({ 'pnpm-workspace.yaml': text });
const FN = 'packages/fn';
const NPM_LOCK = { [`${FN}/package-lock.json`]: '{}' };
const PNPM_LOCK = { [`${FN}/pnpm-lock.yaml`]: '' };

async function rootOf(files: Readonly<Record<string, string>>): Promise<string | undefined> {
  const repository = makeFolder({ [`${FN}/package.json`]: '{}', ...files });
  const root = await findWorkspaceRoot(join(repository, FN));
  return root && `/${relative(repository, root)}`;
}

test.each<[string, Readonly<Record<string, string>>]>([
  ['a pattern', manifest(['packages/*'])],
  ['a pattern as people write it', manifest(['./packages/*/'])],
  ['any depth', manifest(['packages/**'])],
  ['names', manifest(['packages/{fn,lib}'])],
  ['a table', manifest({ packages: ['packages/fn'] })],
  ['what is taken back in', manifest(['packages/*', '!packages/f*', 'packages/fn'])],
  ['pnpm', yaml('packages:\n  # all\n  - \'packages/*\' # these\n  - "apps/**"\n')],
  ['pnpm, without an indent', yaml('catalog:\n  a: 1\npackages:\n- packages/fn\nnodeLinker: hoisted\n')],
  ['pnpm, on one line', yaml('packages: ["apps/*", packages/*]\n')],
  ['a lock file of its own, which npm passes over', { ...manifest(['packages/*']), ...NPM_LOCK }],
  ['a lock file of its own for pnpm', { ...yaml('packages:\n  - packages/*\n'), ...PNPM_LOCK }],
])('%s: it is a workspace', async (_, files) => {
  expect(await rootOf(files)).toBe('/');
});

test.each<[string, Readonly<Record<string, string>>]>([
  ['nothing above', {}],
  ['no workspaces', { 'package.json': '{}' }],
  ['others', manifest(['apps/*', 'fn'])],
  ['what is taken out', manifest(['packages/*', '!packages/fn'])],
  ['a broken manifest', { 'package.json': '{' }],
  ['settings of pnpm alone', yaml('nodeLinker: hoisted\nonlyBuiltDependencies:\n  - packages/fn\n')],
  ['a pnpm-workspace.yaml of its own', { ...yaml('packages: [packages/*]'), [`${FN}/pnpm-workspace.yaml`]: '' }],
  ['a nearer one for pnpm', { ...yaml('packages: ["**"]'), 'packages/pnpm-workspace.yaml': 'packages: [a]' }],
  ['a lock file of npm below pnpm', { ...yaml('packages: [packages/*]'), ...NPM_LOCK }],
  ['a lock file of pnpm below npm', { ...manifest(['packages/*']), ...PNPM_LOCK }],
])('%s: it is none', async (_, files) => {
  expect(await rootOf(files)).toBeUndefined();
});

test('a folder between has none to say', async () => {
  expect(await rootOf({ ...manifest(['packages/**']), 'packages/package.json': '{}' })).toBe('/');
  expect(await rootOf({ 'packages/package.json': '{"workspaces": ["fn"]}' })).toBe('/packages');
});
