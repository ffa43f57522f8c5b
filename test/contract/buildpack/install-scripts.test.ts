import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { startAcme } from '../../support/acme.ts';
import { bringManager } from '../../support/brought-manager.ts';
import { makeSite, type Phase, type Site } from '../../support/buildpack.ts';
import type { RegistryPackage } from '../../support/registry.ts';
import { json } from '../../support/shape.ts';

const make = (name: string): RegistryPackage => ({
  name,
  manifest: { scripts: { postinstall: "node -e \"fs.writeFileSync('made.txt', 'made')\"" } },
  files: {
    'index.js': "exports.made = () => require('fs').existsSync(require('path').join(__dirname, 'made.txt'));\n",
  },
});
const PACKAGES = [make('@acme/one'), make('@acme/two')];

interface Built extends Phase {
  readonly site: Site;
}

/** Builds an app that depends on both packages; its function says at boot which of them has run its script. */
async function built(manager: string, env: Readonly<Record<string, string>>, more: object = {}): Promise<Built> {
  const acme = await startAcme(PACKAGES);
  const manifest = { name: 'app', version: '1.0.0', private: true, packageManager: manager };
  const dependencies = Object.fromEntries(PACKAGES.map(({ name }) => [name, '1.0.0']));
  const site = makeSite({
    'package.json': json({ ...manifest, dependencies, ...more }),
    'index.js': `console.log('one: ' + require('@acme/one').made() + ', two: ' + require('@acme/two').made());
exports.hello = (req, res) => res.end();
`,
  });
  await bringManager(site);
  return { ...(await site.build({ ...acme.env, ...env }, acme.bindings)), site };
}

const MANAGERS = ['npm@11.19.1', 'pnpm@10.34.8', 'pnpm@12.21.0', 'yarn@1.22.22', 'yarn@4.18.1', 'bun@1.4.5'];

test.each(MANAGERS)('%s: no install script runs', async (manager) => {
  const scripts = { postinstall: "node -e \"fs.writeFileSync('own.txt', '')\"" };
  const { exitCode, output, site } = await built(manager, { BP_INSTALL_SCRIPTS: 'off' }, { scripts });
  expect(output).toContain('one: false, two: false');
  expect(output).toContain(
    'WARNING: Install scripts did not run, because BP_INSTALL_SCRIPTS does not name their packages: @acme/one, @acme/two.',
  );
  expect(exitCode).toBe(0);
  expect(existsSync(join(site.app, 'own.txt'))).toBe(false);
});

test.each(MANAGERS)('%s: install scripts of one package run', async (manager) => {
  const { exitCode, output } = await built(manager, { BP_INSTALL_SCRIPTS: '@acme/two, @acme/three' });
  expect(output).toContain('Install scripts: @acme/two');
  expect(output).toContain('one: false, two: true');
  expect(output).toMatch(/does not name their packages: @acme\/one\./);
  expect(exitCode).toBe(0);
});

test('install scripts of a package of a workspace of pnpm run', async () => {
  const acme = await startAcme(PACKAGES);
  const site = makeSite({
    'package.json': json({ name: 'app', private: true, packageManager: 'pnpm@10.34.8' }),
    'pnpm-workspace.yaml': 'packages:\n  - packages/*\n',
    'packages/fn/package.json': json({ name: 'fn', version: '1.0.0', dependencies: { '@acme/two': '1.0.0' } }),
    'packages/fn/index.js': "console.log('two: ' + require('@acme/two').made());\nexports.hello = () => 1;\n",
  });
  const env = { ...acme.env, FUNC_SRC: 'packages/fn', BP_INSTALL_SCRIPTS: '@acme/two' };
  const { exitCode, output } = await site.build(env, acme.bindings);
  expect([exitCode, output]).toEqual([0, expect.stringContaining('two: true')]);
});

test.each([
  ['npm@11.19.1', 'one: true, two: true'],
  ['pnpm@10.34.8', 'WARNING: pnpm did not run install scripts: @acme/one@1.0.0, @acme/two@1.0.0.'],
  ['pnpm@12.21.0', 'OFN-DEPS-INSTALL'],
  ['yarn@1.22.22', 'one: true, two: true'],
  ['yarn@4.18.1', 'WARNING: yarn did not run install scripts: @acme/one, @acme/two'],
  ['bun@1.4.5', 'WARNING: bun did not run install scripts: 2 postinstalls'],
])('%s decides by itself: %s', async (manager, line) => {
  expect((await built(manager, {})).output).toContain(line);
});
