import { expect, test } from 'vitest';
import { chooseManager } from '../../../../src/buildpack/managers/choose.ts';
import { readPackageJson } from '../../../../src/buildpack/project/package-json.ts';
import { failureOf } from '../../../support/failure.ts';
import { lockFile } from '../../../support/shape.ts';
import { makeFolder } from '../../../support/workspace.ts';

async function choose(manifest: object, locks: Readonly<Record<string, string>> = {}) {
  const app = makeFolder({ ...locks, 'package.json': JSON.stringify(manifest) });
  const packageJson = await readPackageJson(app);
  if (packageJson === undefined) throw new Error('there is none');
  const { manager, version, hash, source, lock } = await chooseManager(app, packageJson);
  return { name: manager.name, version, hash, source, lock: lock?.name };
}

const PNPM_LOCK = { 'pnpm-lock.yaml': lockFile('plain.pnpm-10') };
const YARN_LOCK = { 'yarn.lock': lockFile('plain.yarn-1') };
const NPM_LOCK = { 'package-lock.json': '{}' };

test.each<[string, object, Record<string, string>, object]>([
  ['nothing', {}, {}, { name: 'npm', version: undefined, source: 'default' }],
  ["npm's lock file", {}, NPM_LOCK, { name: 'npm', version: undefined, source: 'package-lock.json' }],
  ["pnpm's lock file", {}, PNPM_LOCK, { name: 'pnpm', version: '10.34.8', source: 'pnpm-lock.yaml' }],
  ['a lock file of pnpm 8', {}, { 'pnpm-lock.yaml': lockFile('plain.pnpm-8') }, { version: '8.15.9' }],
  ['a lock file of pnpm 7', {}, { 'pnpm-lock.yaml': 'lockfileVersion: 5.4\n' }, { version: '7.33.7' }],
  ['a lock file of Yarn 1', {}, YARN_LOCK, { name: 'yarn', version: '1.22.22' }],
  ['a lock file of Yarn 3', {}, { 'yarn.lock': lockFile('plain.yarn-3') }, { version: '3.8.7' }],
  ['a lock file of Yarn 4', {}, { 'yarn.lock': lockFile('plain.yarn-4') }, { version: '4.18.1' }],
  ["bun's lock file", {}, { 'bun.lock': lockFile('plain.bun') }, { name: 'bun', version: '1.4.5' }],
  ['engines that the usual version meets', { engines: { pnpm: '>=9' } }, PNPM_LOCK, { version: '10.34.8' }],
  ['engines that it does not meet', { engines: { pnpm: '^11' } }, PNPM_LOCK, { version: '^11' }],
  [
    'packageManager, whatever the lock files say',
    { packageManager: 'pnpm@9.15.0+sha512.0f' },
    { ...PNPM_LOCK, ...NPM_LOCK, ...YARN_LOCK },
    { name: 'pnpm', version: '9.15.0', hash: 'sha512.0f', source: 'packageManager', lock: 'pnpm-lock.yaml' },
  ],
  ['engines of npm', { engines: { npm: '^10' } }, NPM_LOCK, { name: 'npm', version: '^10' }],
  ['engines that say nothing', { engines: { npm: 'new' } }, NPM_LOCK, { name: 'npm', version: undefined }],
  [
    'devEngines',
    { devEngines: { packageManager: { name: 'pnpm', version: '^11' } } },
    PNPM_LOCK,
    { name: 'pnpm', version: '^11', source: 'devEngines', lock: 'pnpm-lock.yaml' },
  ],
  [
    'the first of several in devEngines, whose range the usual version meets',
    { devEngines: { packageManager: [{ name: 'yarn', version: '4.x' }, { name: 'npm' }] } },
    { ...NPM_LOCK, 'yarn.lock': lockFile('plain.yarn-4') },
    { name: 'yarn', version: '4.18.1', source: 'devEngines', lock: 'yarn.lock' },
  ],
  [
    'packageManager before devEngines',
    { packageManager: 'bun@1.2.0', devEngines: { packageManager: { name: 'npm' } } },
    {},
    { name: 'bun', version: '1.2.0' },
  ],
  ['devEngines about other things', { devEngines: { packageManager: 'pnpm' } }, NPM_LOCK, { name: 'npm' }],
  ['a name alone', { packageManager: 'pnpm' }, {}, { name: 'pnpm', version: '10.34.8' }],
])('%s', async (_, manifest, locks, chosen) => {
  expect(await choose(manifest, locks)).toMatchObject(chosen);
});

test.each<[string, object, Record<string, string>]>([
  ['two lock files', {}, { ...PNPM_LOCK, ...YARN_LOCK }],
  ['a manager nobody serves', { packageManager: 'deno@2.0.0' }, {}],
  ['devEngines of a manager nobody serves', { devEngines: { packageManager: { name: 'deno' } } }, {}],
  ['packageManager without its lock file, and that of another', { packageManager: 'bun@1.2.0' }, NPM_LOCK],
  ['Yarn 4 and a lock file of Yarn 1', { packageManager: 'yarn@4.18.1' }, YARN_LOCK],
  ['packageManager that is no text', { packageManager: 10 }, {}],
  ['packageManager with words', { packageManager: 'pnpm at 9' }, {}],
])('%s: refused', async (_, manifest, locks) => {
  expect(await failureOf(() => choose(manifest, locks))).toMatchSnapshot();
});
