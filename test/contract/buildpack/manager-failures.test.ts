import { execaSync } from 'execa';
import { expect, test } from 'vitest';
import { bringManager } from '../../support/brought-manager.ts';
import { makeSite } from '../../support/buildpack.ts';
import { NPM_CACHE, json, lockFile, plainApp } from '../../support/shape.ts';

const NOWHERE = 'http://127.0.0.1:9/';
/** The registry of npm's configuration. */
const REGISTRY = execaSync('npm', ['config', 'get', 'registry']).stdout;
const NO_SUCH = { '@openfunction/no-such-package': '1.0.0' };
const OTHER = { 'is-odd': '3.0.0' };
const FAILING = { postinstall: 'no-such-program' };

const MANAGERS = [
  { name: 'pnpm', version: '10.34.8', file: 'pnpm-lock.yaml', lock: 'plain.pnpm-10' },
  { name: 'yarn', version: '1.22.22', file: 'yarn.lock', lock: 'plain.yarn-1' },
  { name: 'yarn', version: '4.18.1', file: 'yarn.lock', lock: 'plain.yarn-4' },
  { name: 'bun', version: '1.4.5', file: 'bun.lock', lock: 'plain.bun' },
] as const;

interface Case {
  readonly what: string;
  readonly code: string;
  readonly manifest: object;
  readonly locked: boolean;
  /** A change of the lock file. */
  readonly change?: (lock: string) => string;
}

/** A lock file that promises other bytes of is-odd. */
function forged(lock: string): string {
  const tarball = 'is-odd/-/is-odd-3.0.1.tgz#65101baf3727d728b66fa62f50cda7f2d3989601';
  return lock
    .replace('sha512-CQpn', 'sha512-AAAA')
    .replace(/(?<=is-odd@npm:3\.0\.1"(?:\n {2}.*)*\n {2}checksum: \w+\/)\w{4}/, '0000')
    .replace(/(?<=\nis-odd@3\.0\.1:\n {2}version "3\.0\.1")/, `\n  resolved "${REGISTRY}${tarball}"`);
}

const CASES: readonly Case[] = [
  { what: 'a lock file that disagrees', code: 'OFN-DEPS-LOCK', manifest: { dependencies: OTHER }, locked: true },
  { what: 'an unknown package', code: 'OFN-DEPS-NOT-FOUND', manifest: { dependencies: NO_SUCH }, locked: false },
  {
    what: 'bytes that differ',
    code: 'OFN-DEPS-INTEGRITY',
    manifest: {},
    locked: true,
    change: forged,
  },
  { what: 'a script that fails', code: 'OFN-DEPS-INSTALL', manifest: { scripts: FAILING }, locked: true },
];

const ALL = MANAGERS.flatMap((manager) => CASES.map((one) => ({ manager, one })));

test.each(ALL)(
  '$manager.name $manager.version, $one.what: $one.code',
  async ({ manager: { name, version, file, lock }, one: { manifest, locked, code, change = (text) => text } }) => {
    const files = plainApp({ packageManager: `${name}@${version}`, ...manifest });
    const site = makeSite(locked ? { ...files, [file]: change(lockFile(lock)) } : files);
    await bringManager(site);
    const env = { FUNC_NAME: 'hello', npm_config_cache: NPM_CACHE, npm_config_fetch_retries: '0' };
    const { exitCode, output } = await site.build(env);
    const message = output.slice(output.indexOf('ERROR'));
    expect(message).toContain(`ERROR [${code}]`);
    expect(exitCode).toBe(1);
    const lines = message.split('\n');
    expect([lines.at(0), lines.at(-1)]).toMatchSnapshot();
  },
);

test.each(MANAGERS)('$name $version without network: OFN-DEPS-NETWORK', async ({ name, version }) => {
  const site = makeSite(plainApp({ packageManager: `${name}@${version}` }));
  const cache = NPM_CACHE;
  const env = {
    FUNC_NAME: 'hello',
    npm_config_registry: NOWHERE,
    npm_config_fetch_retries: '0',
    npm_config_cache: cache,
  };
  const { exitCode, output } = await site.build({ ...env, npm_config_prefer_offline: 'true' });
  expect(output).toContain('ERROR [OFN-DEPS-NETWORK]');
  expect(exitCode).toBe(1);
});

test('a package manager with another hash is not started', async () => {
  const site = makeSite({
    'index.js': '',
    'package.json': json({ dependencies: OTHER, packageManager: `pnpm@10.34.8+sha512.${'0'.repeat(128)}` }),
  });
  const { exitCode, output } = await site.build({ FUNC_NAME: 'hello', npm_config_cache: NPM_CACHE });
  expect(output).toContain("ERROR [OFN-DEPS-INTEGRITY] Couldn't use pnpm@10.34.8: its bytes are sha512.");
  expect(exitCode).toBe(1);
});
