import { existsSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { makeSite } from '../../support/buildpack.ts';
import { json, lockFile, monorepo, NPM_CACHE, plainApp } from '../../support/shape.ts';

const HELLO = { FUNC_NAME: 'hello', npm_config_cache: NPM_CACHE };

/** A database with one advisory of is-number 6, which the apps need through is-odd. */
const record = (severity: string): string =>
  json({
    id: 'GHSA-test-test-test',
    modified: '2026-11-20T08:00:00Z',
    aliases: ['CVE-2026-00001'],
    summary: 'Numbers are odd',
    database_specific: { severity },
    affected: [
      {
        package: { ecosystem: 'npm', name: 'is-number' },
        ranges: [{ type: 'SEMVER', events: [{ introduced: '6.0.0' }, { fixed: '6.0.1' }] }],
      },
    ],
  });
const database = (severity: string) => ({ 'advisories/type': 'osv', 'advisories/all/GHSA.json': record(severity) });

const LOCKS: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  npm: { ...plainApp(), 'package-lock.json': lockFile('plain.npm') },
  'pnpm 10': { ...plainApp(), 'pnpm-lock.yaml': lockFile('plain.pnpm-10') },
  'Yarn 1': { ...plainApp(), 'yarn.lock': lockFile('plain.yarn-1') },
  'Yarn 4': { ...plainApp(), 'yarn.lock': lockFile('plain.yarn-4') },
  bun: { ...plainApp(), 'bun.lock': lockFile('plain.bun') },
};

test.each(Object.entries(LOCKS))('%s: what a database knows is refused before it is installed', async (_, files) => {
  const site = makeSite(files);
  const { exitCode, output } = await site.build(HELLO, database('HIGH'));
  expect(exitCode).toBe(1);
  expect(output).toContain('[OFN-DEPS-VULNERABLE]');
  expect(output).toContain(
    'is-number 6.0.0: GHSA-test-test-test (CVE-2026-00001), high: Numbers are odd; fixed in 6.0.1, needed by is-odd',
  );
  expect(output).not.toContain('Dependencies: installing');
  expect(existsSync(join(site.app, 'node_modules'))).toBe(false);
});

test('a vulnerability that is known to be exploited is refused without a database', async () => {
  const manifest = { name: 'app', version: '1.0.0', dependencies: { next: '16.0.6' } };
  const lock = {
    name: 'app',
    lockfileVersion: 3,
    packages: { '': manifest, 'node_modules/next': { version: '16.0.6' } },
  };
  const site = makeSite({ ...plainApp(manifest), 'package-lock.json': json(lock) });
  const { exitCode, output } = await site.build(HELLO);
  expect(exitCode).toBe(1);
  expect(output).toMatchInlineSnapshot(`
    "Function "hello" (from FUNC_NAME)
    Node.js 24.21.0: in the run image
    Functions framework 1.0.0: added
    ERROR [OFN-DEPS-VULNERABLE] Couldn't build with a package that is known to be vulnerable.

      next 16.0.6: GHSA-9qr9-h5gf-34mp (CVE-2025-66478, CVE-2025-55182), critical: Next.js runs code out of requests, by React Server Components; fixed in 16.0.7

    Take versions in which they are fixed, and commit the lock file. What does not concern the function is accepted by BP_AUDIT_ALLOW=GHSA-9qr9-h5gf-34mp, or "audit-allow" in func.toml; BP_AUDIT_LEVEL says from which severity on builds fail."
  `);
});

test('without a lock file, what was installed is looked at, and in a rebuild that takes it over again', async () => {
  const site = makeSite(plainApp());
  expect(await site.build(HELLO, database('LOW'))).toMatchObject({ exitCode: 0 });
  site.forgetContents();
  rmSync(join(site.app, 'node_modules'));
  const { exitCode, output } = await site.build(HELLO, database('HIGH'));
  expect(output).toContain('Dependencies: reused');
  expect(output).toContain('is-number 6.0.0: GHSA-test-test-test');
  expect(exitCode).toBe(1);
});

/** An app whose lock file has the vulnerable package for another system alone. */
function otherSystem(more: Readonly<Record<string, string>> = {}): Record<string, string> {
  const manifest = { name: 'app', version: '1.0.0', optionalDependencies: { 'is-number': '6.0.0' } };
  const { packages } = JSON.parse(lockFile('plain.npm'));
  const entry = { ...packages['node_modules/is-number'], optional: true, os: ['darwin'] };
  const lock = { name: 'app', lockfileVersion: 3, packages: { '': manifest, 'node_modules/is-number': entry } };
  return {
    'package.json': json(manifest),
    'package-lock.json': json(lock),
    'index.js': 'exports.hello = (req, res) => res.end();',
    ...more,
  };
}

test('what no image gets, because it is for another system, is not refused', async () => {
  const site = makeSite(otherSystem());
  const { exitCode, output } = await site.build({ ...HELLO, BP_MINIMUM_RELEASE_AGE: '9999' }, database('HIGH'));
  expect(output).toContain('Dependencies: installing');
  expect(output).not.toContain('Release age:');
  expect(exitCode).toBe(0);
  const other = makeSite(otherSystem({ '.npmrc': 'os=darwin' }));
  expect((await other.build(HELLO, database('HIGH'))).output).toContain('[OFN-DEPS-VULNERABLE]');
});

test('a workspace of Yarn 1, which its lock file does not know, is looked at before it is installed', async () => {
  const site = makeSite({ ...monorepo('1.0.0'), 'yarn.lock': lockFile('workspace.yarn-1') });
  const { exitCode, output } = await site.build({ ...HELLO, FUNC_SRC: 'packages/fn' }, database('HIGH'));
  expect(output).toContain('is-number 6.0.0: GHSA-test-test-test');
  expect(output).not.toContain('Dependencies: installing');
  expect(exitCode).toBe(1);
});

test('a warning, where the project only wants one; the file is of the app', async () => {
  const site = makeSite({
    ...LOCKS['npm'],
    'func.toml': '[openfunction]\naudit-level = "none"\naudit-database = "osv.json"\n',
  });
  writeFileSync(join(site.app, 'osv.json'), `[${record('CRITICAL')}]`);
  const { exitCode, output } = await site.build(HELLO);
  expect(exitCode).toBe(0);
  expect(output).toContain('Audit: "audit-database" in func.toml has an advisory, the newest of 2026-11-20');
  expect(output.match(/WARNING: is-number 6\.0\.0: GHSA-test-test-test/g)).toHaveLength(1);
});
