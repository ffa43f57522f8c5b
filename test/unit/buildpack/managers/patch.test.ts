import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { BUN } from '../../../../src/buildpack/managers/bun.ts';
import { withFiles } from '../../../../src/buildpack/managers/files.ts';
import type { PackageManager } from '../../../../src/buildpack/managers/manager.ts';
import { NPM } from '../../../../src/buildpack/managers/npm.ts';
import { patchFor } from '../../../../src/buildpack/managers/patch.ts';
import { PNPM } from '../../../../src/buildpack/managers/pnpm.ts';
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
  const { texts } = await patchFor(app, choice, { production, ignoreScripts: false, standIn: undefined, env: {} });
  const manifests = [...texts].filter(([path]) => path.endsWith('package.json'));
  return Object.fromEntries(manifests.map(([path, text]) => [path, JSON.parse(text)]));
}

const PRODUCTION = { production: true, ignoreScripts: false, standIn: undefined, env: {} };

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

test('pnpm is shown no passwords of addresses: they are settings of the moment', async () => {
  const address = (user: string): string => `https://${user}h.example/a/-/a-1.0.0.tgz`;
  const app = makeFolder({
    'package.json': JSON.stringify({
      dependencies: { a: address('me:p%40w@'), b: 'git+https://t0ken@h.example/b.git#main' },
    }),
    'pnpm-workspace.yaml': `catalog:\n  a: ${address('me:p%40w@')}\n`,
    '.npmrc': 'registry=https://r.example/',
  });
  const lock = { name: 'pnpm-lock.yaml', text: '' };
  writeFileSync(join(app, lock.name), `  a@${address('me:p%40w@')}:\n`);
  const choice = { manager: PNPM, version: undefined, hash: undefined, source: 'default', lock };
  const how = { production: true, ignoreScripts: false, standIn: undefined, env: { GIT_CONFIG_COUNT: '1' } };
  const { texts, env } = await patchFor(app, choice, how);
  expect(JSON.parse(texts.get('package.json') ?? '')).toEqual({
    dependencies: { a: address(''), b: 'git+https://h.example/b.git#main' },
  });
  expect(texts.get('pnpm-workspace.yaml')).toBe(`catalog:\n  a: ${address('')}\n`);
  expect(texts.get('pnpm-lock.yaml')).toBe(`  a@${address('')}:\n`);
  const basic = (pair: string): string => Buffer.from(pair).toString('base64');
  expect(texts.get('.npmrc')?.split('\n')).toEqual([
    'registry=https://r.example/',
    `//h.example/a/-/:_auth=${basic('me:p@w')}`,
    `//h.example/:_auth=${basic('t0ken:')}`,
    '',
  ]);
  expect(env).toMatchObject({
    GIT_CONFIG_KEY_2: 'url.https://t0ken@h.example/b.git.insteadOf',
    GIT_CONFIG_VALUE_2: 'https://h.example/b.git',
  });
});

test('a binary lock file with the framework in it is refused', async () => {
  const lock = { name: 'bun.lockb', text: '#!/usr/bin/env bun\n@openfunction/functions-framework' };
  const choice = { manager: BUN, version: undefined, hash: undefined, source: 'bun.lockb', lock };
  expect(
    await failureOf(() =>
      patchFor(makeFolder(), choice, { production: true, ignoreScripts: false, standIn: undefined, env: {} }),
    ),
  ).toMatchInlineSnapshot(`
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
