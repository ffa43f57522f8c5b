import { expect, test } from 'vitest';
import { chooseManager } from '../../../../src/buildpack/managers/choose.ts';
import { readPackageJson } from '../../../../src/buildpack/project/package-json.ts';
import { lockFor } from '../../../../src/buildpack/sbom/locks/platforms.ts';
import { readLock } from '../../../../src/buildpack/sbom/locks/read-lock.ts';
import { json } from '../../../support/shape.ts';
import { makeFolder } from '../../../support/workspace.ts';

/** What packages are made for, and whether an image for amd64 gets them. */
const CASES: Readonly<Record<string, readonly [Readonly<Record<string, readonly string[]>>, boolean]>> = {
  plain: [{}, true],
  mac: [{ os: ['darwin'] }, false],
  unix: [{ os: ['darwin', 'linux'] }, true],
  'not-windows': [{ os: ['!win32'] }, true],
  'not-linux': [{ os: ['!linux'] }, false],
  arm: [{ os: ['linux'], cpu: ['arm64'] }, false],
  intel: [{ os: ['linux'], cpu: ['x64'] }, true],
  glibc: [{ libc: ['glibc'] }, true],
  musl: [{ libc: ['musl'] }, false],
};
const FITTING = Object.entries(CASES).flatMap(([name, [, fits]]) => (fits ? [name] : []));
const all = Object.entries(CASES).map(([name, [platforms]]) => ({ name, platforms }));

const condition = (platforms: Readonly<Record<string, readonly string[]>>): string =>
  Object.entries(platforms)
    .map(([kind, list]) => list.map((one) => (one.startsWith('!') ? `!${kind}=${one.slice(1)}` : `${kind}=${one}`)))
    .map((terms) => (terms.length === 1 ? terms[0] : `(${terms.join(' | ')})`))
    .join(' & ');

const LOCKS: Readonly<Record<string, readonly [string, string]>> = {
  npm: [
    'package-lock.json',
    json({
      lockfileVersion: 3,
      packages: Object.fromEntries(
        all.map(({ name, platforms }) => [`node_modules/${name}`, { version: '1.0.0', optional: true, ...platforms }]),
      ),
    }),
  ],
  pnpm: [
    'pnpm-lock.yaml',
    json({
      lockfileVersion: '9.0',
      packages: Object.fromEntries(all.map(({ name, platforms }) => [`${name}@1.0.0`, platforms])),
      snapshots: Object.fromEntries(all.map(({ name }) => [`${name}@1.0.0`, { optional: true }])),
    }),
  ],
  yarn: [
    'yarn.lock',
    all
      .map(({ name, platforms }) => {
        const conditions = condition(platforms);
        const resolution = `"${name}@npm:1.0.0":\n  version: 1.0.0\n  resolution: "${name}@npm:1.0.0"\n`;
        return resolution + (conditions === '' ? '' : `  conditions: ${conditions.replace(/^!.*/, '"$&"')}\n`);
      })
      .join('\n')
      .replace(/^/, '__metadata:\n  version: 8\n\n'),
  ],
  bun: [
    'bun.lock',
    json({
      lockfileVersion: 1,
      workspaces: { '': {} },
      packages: Object.fromEntries(
        all.map(({ name, platforms }) => {
          // One is a text, several are a list.
          const fields = Object.entries(platforms).map(([kind, list]) => [kind, list.length === 1 ? list[0] : list]);
          return [name, [`${name}@1.0.0`, '', Object.fromEntries(fields), 'sha512-a']];
        }),
      ),
    }),
  ],
};

async function lockIn(file: string, text: string) {
  const app = makeFolder({ 'package.json': '{}', [file]: text });
  const packageJson = await readPackageJson(app);
  const lock = packageJson && (await readLock(await chooseManager(app, packageJson)));
  if (lock === undefined) throw new Error('There is no lock file.');
  return lock;
}

test.each(Object.entries(LOCKS))('%s: without what is for other systems', async (_, [file, text]) => {
  const lock = await lockIn(file, text);
  const names = (cpu: string): string[] => [...lockFor(lock, [cpu]).packages.values()].map(({ name }) => name);
  expect([...lock.packages.values()].map(({ name }) => name)).toEqual(Object.keys(CASES));
  expect(names('x64')).toEqual(FITTING);
  expect(names('arm64')).toEqual(
    Object.keys(CASES).filter((name) => name === 'arm' || (name !== 'intel' && CASES[name]?.[1])),
  );
});

test('pnpm installs what is no choice wherever it is', async () => {
  const lock = await lockIn(
    'pnpm-lock.yaml',
    json({ lockfileVersion: '9.0', packages: { 'a@1.0.0': { os: ['darwin'] } }, snapshots: { 'a@1.0.0': {} } }),
  );
  expect(lockFor(lock, ['x64']).packages.size).toBe(1);
});
