import { readdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { startAcme, type Acme } from '../../support/acme.ts';
import { bringManager } from '../../support/brought-manager.ts';
import { makeSite, type Site } from '../../support/buildpack.ts';
import { json, NPM_CACHE } from '../../support/shape.ts';

const GREETING = { name: '@acme/greeting', files: { 'index.js': "module.exports = () => 'hello';\n" } };
const SOURCE = "exports.hello = (req, res) => res.end(require('@acme/greeting')());\n";

/** A proxy and a registry at which nobody listens: what asks there fails at once. */
const NOWHERE = 'http://127.0.0.1:9/';
const CUT_OFF = {
  FUNC_NAME: 'hello',
  HTTPS_PROXY: NOWHERE,
  HTTP_PROXY: NOWHERE,
  npm_config_proxy: NOWHERE,
  npm_config_https_proxy: NOWHERE,
  npm_config_registry: NOWHERE,
  npm_config_fetch_retries: '0',
};

const MANAGERS = ['npm@11.19.1', 'npm@11.0.0', 'pnpm@10.34.8', 'yarn@1.22.22', 'yarn@4.18.1', 'bun@1.4.5'];

function acmeApp(packageManager: string): Record<string, string> {
  const manifest = { name: 'app', version: '1.0.0', private: true, packageManager };
  return {
    'package.json': json({ ...manifest, dependencies: { '@acme/greeting': '1.0.0' } }),
    'index.js': SOURCE,
  };
}

/** Folders of the moment that builds left in the temporary folder. */
const scratchOf = (site: Site): string[] => readdirSync(dirname(site.layers)).filter((name) => name.startsWith('ofn-'));

const answers = (acme: Acme): number => acme.registry.answered.filter((line) => line.endsWith('.tgz')).length;

test.each(MANAGERS)(
  '%s: an image is rebuilt after a change of its source without cache and network',
  async (manager) => {
    const acme = await startAcme([GREETING]);
    const site = makeSite(acmeApp(manager));
    await bringManager(site);
    expect((await site.build({ ...acme.env, npm_config_cache: NPM_CACHE }, acme.bindings)).exitCode).toBe(0);
    expect(scratchOf(site)).toEqual([]);
    site.forgetContents();
    writeFileSync(join(site.app, 'index.js'), `// another line\n${SOURCE}`);
    const { exitCode, output } = await site.build(CUT_OFF);
    expect(output).toContain('Dependencies: reused, nothing that decides them has changed');
    expect(exitCode).toBe(0);
  },
);

test.each(MANAGERS)('%s: a cache saves the download of what has been there before', async (manager) => {
  const acme = await startAcme([GREETING]);
  const site = makeSite(acmeApp(manager));
  const build = async () => site.build({ ...acme.env, npm_config_cache: NPM_CACHE }, acme.bindings);
  expect((await build()).exitCode).toBe(0);
  const before = answers(acme);
  rmSync(join(site.layers, 'modules.toml'));
  rmSync(join(site.layers, 'modules'), { recursive: true });
  const { exitCode, output } = await build();
  expect(output).toContain('Dependencies: installing');
  expect(output).not.toMatch(/Package manager: .* from the registry/);
  expect(exitCode).toBe(0);
  expect(answers(acme)).toBe(before);
});

test('a variable of the build that decides what is installed has it installed anew', async () => {
  const acme = await startAcme([GREETING]);
  const site = makeSite(acmeApp('npm@11.19.1'));
  const env = { ...acme.env, npm_config_cache: NPM_CACHE };
  expect((await site.build(env, acme.bindings)).exitCode).toBe(0);
  site.forgetContents();
  const { output } = await site.build({ ...env, npm_config_omit: 'optional' }, acme.bindings);
  expect(output).toContain('Dependencies: installing');
  site.forgetContents();
  const again = await site.build({ ...env, npm_config_omit: 'optional', GIT_COMMIT: 'abc' }, acme.bindings);
  expect(again.output).toContain('Dependencies: reused');
});
