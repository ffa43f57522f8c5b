import { symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { readPlatformEnv, readTarget } from '../../../src/libcnb/platform.ts';
import { failureOf } from '../../support/failure.ts';
import { makeFolder } from '../../support/workspace.ts';

test('the target', () => {
  expect(readTarget({})).toBeUndefined();
  expect(readTarget({ CNB_TARGET_OS: 'linux', CNB_TARGET_ARCH: 'arm64', CNB_TARGET_ARCH_VARIANT: 'v8' })).toEqual({
    os: 'linux',
    arch: 'arm64',
    archVariant: 'v8',
  });
  const distribution = { CNB_TARGET_DISTRO_NAME: 'debian', CNB_TARGET_DISTRO_VERSION: '13' };
  expect(readTarget({ CNB_TARGET_OS: 'linux', CNB_TARGET_ARCH: 'amd64', ...distribution })).toEqual({
    os: 'linux',
    arch: 'amd64',
    distribution: { name: 'debian', version: '13' },
  });
  const named = { CNB_TARGET_OS: 'linux', CNB_TARGET_ARCH: 'amd64', CNB_TARGET_DISTRO_NAME: 'debian' };
  expect(readTarget(named)?.distribution).toEqual({ name: 'debian' });
});

test("the user's variables are the files of env, byte for byte", async () => {
  const platform = makeFolder({ 'env/FUNC_NAME': 'hello', 'env/TEXT': ' a\nb\n', 'env/folder/x': '' });
  expect(await readPlatformEnv(platform)).toEqual({ FUNC_NAME: 'hello', TEXT: ' a\nb\n' });
  expect(await readPlatformEnv(join(platform, 'nothing'))).toEqual({});
});

test.each([
  ['leads nowhere', '/nowhere', 'ENOENT'],
  ['can not be read', '/proc/self/mem', 'EIO'],
])('a variable that %s is a coded error with its path', async (_, target, cause) => {
  const platform = makeFolder({ 'env/A': '' });
  symlinkSync(target, join(platform, 'env/B'));
  const text = await failureOf(() => readPlatformEnv(platform), { platform });
  expect(text).toContain(`ERROR [OFN-CNB-FILE] Couldn't read <platform>/env/B: ${cause}`);
});

test('a variable that is too large is a coded error with its path', async () => {
  const platform = makeFolder({ 'env/A': 'a'.repeat(1024 * 1024 + 1) });
  expect(await failureOf(() => readPlatformEnv(platform), { platform })).toContain(
    "Couldn't read <platform>/env/A: it is larger than 1048576 bytes.",
  );
});
