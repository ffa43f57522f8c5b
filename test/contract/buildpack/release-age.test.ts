import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { makeSite } from '../../support/buildpack.ts';
import { lockFile, NPM_CACHE, plainApp } from '../../support/shape.ts';

const HELLO = { FUNC_NAME: 'hello', npm_config_cache: NPM_CACHE };
const LOCKS: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  npm: { 'package-lock.json': lockFile('plain.npm') },
  'pnpm 10': { 'pnpm-lock.yaml': lockFile('plain.pnpm-10') },
  'Yarn 4': { 'yarn.lock': lockFile('plain.yarn-4') },
};

test.each(Object.entries(LOCKS))('%s: a version that is too young is not installed', async (_, lock) => {
  const site = makeSite({ ...plainApp(), ...lock });
  const { exitCode, output } = await site.build({ ...HELLO, BP_MINIMUM_RELEASE_AGE: '9999' });
  expect(exitCode).toBe(1);
  expect(output).toContain(
    "ERROR [OFN-DEPS-YOUNG] Couldn't compare the age of packages: a version of the lock file has been in the registry for less than 9999 days.",
  );
  expect(output).toMatch(/No matching version found for is-(?:odd@3\.0\.1|number@6\.0\.0) with a date before/);
});

test('versions that are old enough are installed, and taken over without a question', async () => {
  const site = makeSite({ ...plainApp(), ...LOCKS['npm'] });
  const env = { ...HELLO, BP_MINIMUM_RELEASE_AGE: '1' };
  const first = await site.build(env);
  expect(first).toMatchObject({ exitCode: 0 });
  expect(first.output).toContain('Release age: packages of the lock file, at least a day');
  site.forgetContents();
  rmSync(join(site.app, 'node_modules'));
  const second = await site.build(env);
  expect(second.output).toContain('Dependencies: reused');
  expect(second.output).not.toContain('Release age');
  rmSync(join(site.app, 'node_modules'));
  site.forgetContents();
  const stricter = await site.build({ ...HELLO, BP_MINIMUM_RELEASE_AGE: '9998' });
  expect(stricter.output).toContain('OFN-DEPS-YOUNG');
});

test('without a lock file there is nothing to compare', async () => {
  const site = makeSite(plainApp());
  writeFileSync(join(site.app, 'func.toml'), '[openfunction]\nminimum-release-age = 7\n');
  expect((await site.build(HELLO)).output).toContain('ERROR [OFN-DEPS-LOCK]');
});
