import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { BUN } from '../../../../src/buildpack/managers/bun.ts';
import { withFiles } from '../../../../src/buildpack/managers/files.ts';
import type { PackageManager } from '../../../../src/buildpack/managers/manager.ts';
import { NPM } from '../../../../src/buildpack/managers/npm.ts';
import { patchFor } from '../../../../src/buildpack/managers/patch.ts';
import { YARN_BERRY } from '../../../../src/buildpack/managers/yarn-berry.ts';
import { failureOf } from '../../../support/failure.ts';
import { makeFolder } from '../../../support/workspace.ts';

const MANIFEST = {
  dependencies: { '@openfunction/functions-framework': '^0.4.1', a: '1' },
  devDependencies: { b: '2' },
  scripts: { prepare: 'husky', postinstall: 'x' },
};

async function patched(manager: PackageManager, production: boolean): Promise<Record<string, unknown>> {
  const app = makeFolder({
    'package.json': JSON.stringify(MANIFEST),
    'packages/a/package.json': '{"name": "a"}',
    'packages/b/package.json': '{"devDependencies": {"@openfunction/functions-framework": "*"}}',
    'fixtures/package.json': 'not JSON',
    'node_modules/c/package.json': '{"dependencies": {"@openfunction/functions-framework": "*"}}',
  });
  const choice = { manager, version: undefined, hash: undefined, source: 'default', lock: undefined };
  const { texts } = await patchFor(app, choice, { production, ignoreScripts: false });
  const manifests = [...texts].filter(([path]) => path.endsWith('package.json'));
  return Object.fromEntries(manifests.map(([path, text]) => [path, JSON.parse(text)]));
}

const PRODUCTION = { production: true, ignoreScripts: false };

test('an empty lock file is where Yarn 2 and later stops looking for the project', async () => {
  const choice = { version: undefined, hash: undefined, source: 'default', lock: undefined };
  const textsFor = async (manager: PackageManager): Promise<object> =>
    Object.fromEntries((await patchFor(makeFolder(), { ...choice, manager }, PRODUCTION)).texts);
  expect([await textsFor(YARN_BERRY), await textsFor(NPM)]).toEqual([{ 'yarn.lock': '' }, {}]);
});

const SIBLING = { devDependencies: {} };

test.each<[string, PackageManager, boolean, object, object]>([
  ['for production', NPM, true, { devDependencies: { b: '2' }, scripts: { postinstall: 'x' } }, SIBLING],
  ['for development', NPM, false, { devDependencies: { b: '2' }, scripts: MANIFEST.scripts }, SIBLING],
  ['for a manager that can not omit devDependencies', YARN_BERRY, true, { scripts: { postinstall: 'x' } }, {}],
])('the framework is taken out of all manifests %s', async (_, manager, production, rest, sibling) => {
  expect(await patched(manager, production)).toEqual({
    'package.json': { dependencies: { a: '1' }, ...rest },
    'packages/b/package.json': sibling,
  });
});

test('a binary lock file with the framework in it is refused', async () => {
  const lock = { name: 'bun.lockb', text: '#!/usr/bin/env bun\n@openfunction/functions-framework' };
  const choice = { manager: BUN, version: undefined, hash: undefined, source: 'bun.lockb', lock };
  expect(await failureOf(() => patchFor(makeFolder(), choice, { production: true, ignoreScripts: false })))
    .toMatchInlineSnapshot(`
    "ERROR [OFN-DEPS-LOCK] Couldn't read bun.lockb: it mentions @openfunction/functions-framework, and can not be read without bun.

    Run "bun install --save-text-lockfile" and commit bun.lock."
  `);
});

test('files are as before when the act is done, also when it fails', async () => {
  const folder = makeFolder({ changed: 'a', kept: 'b' });
  const act = async (): Promise<never> => {
    expect(readFileSync(join(folder, 'changed'), 'utf8')).toBe('patched');
    writeFileSync(join(folder, 'kept'), 'written');
    writeFileSync(join(folder, 'made'), 'made');
    throw new Error('it fails');
  };
  const texts = new Map([['changed', 'patched']]);
  await expect(withFiles(folder, texts, ['kept', 'made'], act)).rejects.toThrow('it fails');
  expect(readFileSync(join(folder, 'changed'), 'utf8')).toBe('a');
  expect(readFileSync(join(folder, 'kept'), 'utf8')).toBe('b');
  expect(existsSync(join(folder, 'made'))).toBe(false);
});
