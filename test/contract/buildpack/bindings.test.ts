import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, readlinkSync, statSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { dirname, join } from 'node:path';
import { execa } from 'execa';
import { expect, onTestFinished, test } from 'vitest';
import { bringManager } from '../../support/brought-manager.ts';
import { makeSite, type Site } from '../../support/buildpack.ts';
import { startRegistry, type Registry } from '../../support/registry.ts';
import { answerOf, json, NPM_CACHE } from '../../support/shape.ts';
import { makeFolder } from '../../support/workspace.ts';

/** What must be nowhere. */
const CANARY = 'c4nary-0f-a-regi5try';
const GREETING = { name: '@acme/greeting', files: { 'index.js': "module.exports = () => 'hello from acme';\n" } };
const ANSWER = 'hello from acme';

/** An app with a package of the registry; its manifest has `more`. */
function acmeApp(more: object = {}): Record<string, string> {
  const manifest = { name: 'app', version: '1.0.0', private: true, dependencies: { '@acme/greeting': '1.0.0' } };
  return {
    'package.json': json({ ...manifest, ...more }),
    'index.js': "exports.hello = (req, res) => res.end(require('@acme/greeting')());\n",
  };
}

const npmrc = ({ url, key }: Registry, token = CANARY): string => `@acme:registry=${url}\n${key}:_authToken=${token}\n`;
const yarnrc = ({ url }: Registry, token = CANARY): string =>
  `npmScopes:\n  acme:\n    npmRegistryServer: "${url}"\n    npmAuthToken: "${token}"\n    npmAlwaysAuth: true\n`;

/** Bindings of a registry; the one of certificates has the layout of before. */
function bindingsOf(registry: Registry): Record<string, string> {
  return {
    'npm/type': 'npmrc',
    'npm/.npmrc': npmrc(registry),
    'yarn/type': 'YarnRC',
    'yarn/.yarnrc.yml': yarnrc(registry),
    ...authority(registry),
  };
}

function authority(registry: Registry): Record<string, string> {
  return { 'ca/metadata/kind': 'ca-certificates', 'ca/secret/acme.pem': registry.authority };
}

/** Files below folders that have a text in their name, their bytes or where they lead to. */
function holdersOf(text: string, folders: readonly string[]): string[] {
  const entries = folders.flatMap((folder) => readdirSync(folder, { recursive: true, withFileTypes: true }));
  return entries
    .filter((entry) => {
      const path = join(entry.parentPath, entry.name);
      if (path.includes(text)) return true;
      if (entry.isSymbolicLink()) return readlinkSync(path).includes(text);
      return entry.isFile() && readFileSync(path).includes(text);
    })
    .map((entry) => join(entry.parentPath, entry.name));
}

const integrityOf = ({ tarballs }: Registry): string =>
  `sha512-${createHash('sha512')
    .update(tarballs.get(GREETING.name) ?? '')
    .digest('base64')}`;

const HELLO = { FUNC_NAME: 'hello', FUNC_DEBUG: 'on', npm_config_cache: NPM_CACHE };

function expectNowhere(site: Site, output: string): void {
  expect(output).not.toContain(CANARY);
  expect(holdersOf(CANARY, [site.app, site.layers])).toEqual([]);
}

const MANAGERS = ['npm@11.19.1', 'pnpm@10.34.8', 'pnpm@12.21.0', 'yarn@1.22.22', 'yarn@4.18.1', 'bun@1.4.5'];

test.each(MANAGERS)('%s gets packages with the token of a binding and trusts its certificate', async (manager) => {
  const registry = await startRegistry(CANARY, [GREETING]);
  const site = makeSite(acmeApp({ packageManager: manager }));
  const { exitCode, output } = await site.build(HELLO, bindingsOf(registry));
  expect(output).toContain('Function "hello": boots');
  expect(exitCode).toBe(0);
  expect(await answerOf(site)).toBe(ANSWER);
  expect(registry.answered).toContain('GET /@acme/greeting/-/greeting-1.0.0.tgz');
  expectNowhere(site, output);
});

test.each(MANAGERS)('%s gets packages with a variable that the settings of the app name', async (manager) => {
  const registry = await startRegistry(CANARY, [GREETING]);
  const token = '${NPM_TOKEN}';
  const settings = { '.npmrc': npmrc(registry, token), '.yarnrc.yml': yarnrc(registry, token) };
  const site = makeSite({ ...acmeApp({ packageManager: manager }), ...settings });
  await bringManager(site);
  const { exitCode, output } = await site.build({ ...HELLO, NPM_TOKEN: CANARY }, authority(registry));
  expect(output).toContain('Function "hello": boots');
  expect(exitCode).toBe(0);
  expectNowhere(site, output);
});

test.each(MANAGERS)('%s without the token: OFN-DEPS-AUTH, and the token of another is not told', async (manager) => {
  const registry = await startRegistry('another-token', [GREETING]);
  const site = makeSite(acmeApp({ packageManager: manager }));
  await bringManager(site);
  const env = { ...HELLO, npm_config_fetch_retries: '0' };
  const { exitCode, output } = await site.build(env, bindingsOf(registry));
  expect(output).toContain('ERROR [OFN-DEPS-AUTH]');
  expect(exitCode).toBe(1);
  expectNowhere(site, output);
});

test('a lock file of npm with the password in its addresses', async () => {
  const registry = await startRegistry(CANARY, [GREETING]);
  const resolved = `https://me:${CANARY}@${registry.key.slice(2)}@acme/greeting/-/greeting-1.0.0.tgz`;
  const integrity = integrityOf(registry);
  const packages = {
    '': { name: 'app', version: '1.0.0', dependencies: { '@acme/greeting': '1.0.0' } },
    'node_modules/@acme/greeting': { version: '1.0.0', resolved, integrity },
  };
  const lock = json({ name: 'app', version: '1.0.0', lockfileVersion: 3, requires: true, packages });
  const site = makeSite({ ...acmeApp(), 'package-lock.json': lock });
  const { exitCode, output } = await site.build(HELLO, authority(registry));
  expect(output).toContain('WARNING: package-lock.json has passwords in addresses: they are not in the image.');
  expect(exitCode).toBe(0);
  expect(await answerOf(site)).toBe(ANSWER);
  expectNowhere(site, output);
});

test('a lock file of pnpm with the password in its addresses', async () => {
  const registry = await startRegistry(CANARY, [GREETING]);
  const tarball = `https://me:${CANARY}@${registry.key.slice(2)}@acme/greeting/-/greeting-1.0.0.tgz`;
  const lock = `lockfileVersion: '9.0'

importers:

  .:
    dependencies:
      '@acme/greeting':
        specifier: 1.0.0
        version: 1.0.0

packages:

  '@acme/greeting@1.0.0':
    resolution: {integrity: ${integrityOf(registry)}, tarball: ${tarball}}

snapshots:

  '@acme/greeting@1.0.0': {}
`;
  const site = makeSite({ ...acmeApp(), 'pnpm-lock.yaml': lock });
  const { exitCode, output } = await site.build(HELLO, authority(registry));
  expect(output).toContain('WARNING: pnpm-lock.yaml has passwords in addresses');
  expect(exitCode).toBe(0);
  expect(await answerOf(site)).toBe(ANSWER);
  expectNowhere(site, output);
});

test.each([
  ['pnpm@8.15.9', false],
  ['pnpm@10.34.8', true],
  ['pnpm@12.21.0', false],
  ['pnpm@12.21.0', true],
])(
  '%s, locked: %s, with a password in the address of a dependency, of which it makes names',
  async (manager, locked) => {
    const registry = await startRegistry(CANARY, [GREETING]);
    const address = `https://me:${CANARY}@${registry.key.slice(2)}@acme/greeting/-/greeting-1.0.0.tgz`;
    const lock = `lockfileVersion: '9.0'

importers:

  .:
    dependencies:
      '@acme/greeting':
        specifier: ${address}
        version: ${address}

packages:

  '@acme/greeting@${address}':
    resolution: {integrity: ${integrityOf(registry)}, tarball: ${address}}
    version: 1.0.0

snapshots:

  '@acme/greeting@${address}': {}
`;
    const app = acmeApp({ packageManager: manager, dependencies: { '@acme/greeting': address } });
    const settings = { '.npmrc': 'strict-peer-dependencies=true' };
    const site = makeSite({ ...app, ...settings, ...(locked ? { 'pnpm-lock.yaml': lock } : {}) });
    const { exitCode, output } = await site.build(HELLO, authority(registry));
    expect(output).toContain('WARNING: package.json has passwords in addresses: they are not in the image.');
    expect(exitCode).toBe(0);
    expect(await answerOf(site)).toBe(ANSWER);
    expectNowhere(site, output);
  },
);

/** Serves a git repository with the files of a package to whoever has the password; gives its host. */
async function serveRepository(files: Readonly<Record<string, string>>): Promise<string> {
  const source = makeFolder(files);
  const bare = join(makeFolder(), 'greeting.git');
  const git = async (...args: string[]) =>
    execa('git', ['-c', 'user.name=me', '-c', 'user.email=me@h.example', ...args]);
  await git('-C', source, 'init', '--quiet', '--initial-branch=main');
  await git('-C', source, 'add', '.');
  await git('-C', source, 'commit', '--quiet', '--message=first');
  await git('clone', '--quiet', '--bare', source, bare);
  await git('-C', bare, 'update-server-info');
  const granted = `Basic ${Buffer.from(`me:${CANARY}`).toString('base64')}`;
  const server = createServer((request, response) => {
    const { pathname } = new URL(request.url ?? '', 'http://localhost');
    const path = join(dirname(bare), pathname);
    if (request.headers.authorization !== granted) response.writeHead(401, { 'www-authenticate': 'Basic' }).end();
    else if (statSync(path, { throwIfNoEntry: false })?.isFile() === true) response.end(readFileSync(path));
    else response.writeHead(404).end();
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  onTestFinished(() => void server.close());
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- it listens on a port
  return `127.0.0.1:${(server.address() as AddressInfo).port}`;
}

test('pnpm gets a git repository with a password in its address', async () => {
  const manifest = { name: GREETING.name, version: '1.0.0' };
  const host = await serveRepository({ ...GREETING.files, 'package.json': json(manifest) });
  const address = `git+http://me:${CANARY}@${host}/greeting.git`;
  const app = acmeApp({ packageManager: 'pnpm@10.34.8', dependencies: { '@acme/greeting': address } });
  const site = makeSite(app);
  const { exitCode, output } = await site.build(HELLO);
  expect(output).toContain('WARNING: package.json has passwords in addresses: they are not in the image.');
  expect(exitCode).toBe(0);
  expect(await answerOf(site)).toBe(ANSWER);
  expectNowhere(site, output);
});

test('packages that an app brings along with a password in their names are refused', async () => {
  const address = `https://me:${CANARY}@h.example/greeting-1.0.0.tgz`;
  const site = makeSite({
    ...acmeApp({ dependencies: { '@acme/greeting': address } }),
    'node_modules/@acme/greeting/index.js': GREETING.files['index.js'],
    [`node_modules/.pnpm/@acme+greeting@https+++me+${CANARY}@h.example+greeting-1.0.0.tgz/lock.yaml`]: '',
  });
  const { exitCode, output } = await site.build({ ...HELLO, BP_VENDORED_MODULES: 'on' });
  expect(output).toContain('ERROR [OFN-DEPS-SECRET]');
  expect(output).not.toContain(CANARY);
  expect(exitCode).toBe(1);
});

test('a function trusts the certificates of bindings at launch', async () => {
  const { url, ...registry } = await startRegistry(CANARY, [GREETING]);
  const source = `exports.hello = async (req, res) => {
  const { status } = await fetch('${url}').catch((error) => ({ status: error.cause.code }));
  res.end(String(status));
};
`;
  const site = makeSite({ 'index.js': source });
  expect((await site.build({ FUNC_NAME: 'hello' })).exitCode).toBe(0);
  const root = makeFolder({
    'a/metadata/kind': 'ca-certificates',
    'a/secret/acme.pem': `# of acme\n${registry.authority}`,
    'b/type': 'postgresql',
  });
  expect(await answerOf(site, { SERVICE_BINDING_ROOT: root })).toBe('401');
  expect(await answerOf(site, { NODE_EXTRA_CA_CERTS: '' })).toBe('UNABLE_TO_VERIFY_LEAF_SIGNATURE');
});
