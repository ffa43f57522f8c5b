import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { ROOT } from '../../support/artefact.ts';
import { makeSite, type Site } from '../../support/buildpack.ts';
import { startRegistry, type Registry } from '../../support/registry.ts';
import { answerOf, json, NPM_CACHE } from '../../support/shape.ts';

const NAME = '@openfunction/functions-framework';
const TOKEN = 'token';
const HELLO = { FUNC_NAME: 'hello', npm_config_cache: NPM_CACHE };
const SOURCE = "exports.hello = (req, res) => res.end('hello');\n";
const NOWHERE = { npm_config_registry: 'http://127.0.0.1:1/', npm_config_fetch_retries: '0' };

/** What `npm publish` sends of a later release of this framework, with a dependency. */
async function startLater(): Promise<Registry> {
  const paths = globSync('build/{base,framework,keel,serve}/**/*.js', { cwd: ROOT });
  const files = Object.fromEntries(paths.map((path) => [path, readFileSync(join(ROOT, path), 'utf8')]));
  const manifest = { type: 'module', license: 'Apache-2.0', dependencies: { 'of-framework': '1.0.0' } };
  return startRegistry(TOKEN, [
    { name: NAME, version: '1.3.0', manifest, files },
    { name: 'of-framework', files: { 'index.js': 'export {};\n' } },
  ]);
}

function makeHello({ url, key }: Registry): Site {
  const npmrc = `registry=${url}\n${key}:_authToken=${TOKEN}\n`;
  return makeSite({ 'index.js': SOURCE, '.npmrc': npmrc });
}

const bound = ({ authority }: Registry) => ({ 'ca/type': 'ca-certificates', 'ca/acme.pem': authority });

const versionIn = ({ layers }: Site): unknown => {
  const file = join(layers, `framework/node_modules/${NAME}/package.json`);
  return JSON.parse(readFileSync(file, 'utf8')).version;
};

test.each(['1.3.0', 'v1.3.0', '^1.1.0', 'latest'])('a later framework, %s, comes from the registry', async (wanted) => {
  const registry = await startLater();
  const site = makeHello(registry);
  const { exitCode, output } = await site.build({ ...HELLO, FUNC_FRAMEWORK_VERSION: wanted }, bound(registry));
  expect(output).toContain(
    `Functions framework 1.3.0: added, from the registry (FUNC_FRAMEWORK_VERSION asks for "${wanted}")`,
  );
  expect(exitCode).toBe(0);
  expect(versionIn(site)).toBe('1.3.0');
  expect(await answerOf(site)).toBe('hello');
  const launch = readFileSync(join(site.layers, 'launch.toml'), 'utf8');
  expect(launch).toMatch(/key = "io\.openfunction\.framework\.version"\s+value = "1\.3\.0"/);
  const bill = JSON.parse(readFileSync(join(site.layers, 'framework.sbom.cdx.json'), 'utf8'));
  expect(bill.components.map(({ purl }: { purl: string }) => purl)).toEqual([
    'pkg:npm/%40openfunction/functions-framework@1.3.0',
    'pkg:npm/of-framework@1.0.0',
  ]);
});

test.each(['1.0.0', '^1.0.0', '>=0.5', 'latest'])(
  "the builder's serves without network where it fits %j",
  async (wanted) => {
    const site = makeSite({
      'index.js': SOURCE,
      'package.json': json({ openfunction: { 'framework-version': wanted } }),
    });
    const { exitCode, output } = await site.build({ ...HELLO, ...NOWHERE });
    expect(output).toContain('Functions framework 1.0.0: added\n');
    expect(exitCode).toBe(0);
  },
);

test('one that is not ours is refused', async () => {
  const files = { 'build/src/index.js': '' };
  const registry = await startRegistry(TOKEN, [{ name: NAME, version: '0.6.1', files }]);
  const { exitCode, output } = await makeHello(registry).build(
    { ...HELLO, FUNC_FRAMEWORK_VERSION: '^0.6.0' },
    bound(registry),
  );
  expect(output.slice(output.indexOf('ERROR'))).toMatchInlineSnapshot(`
    "ERROR [OFN-FRAMEWORK] Couldn't use the functions framework 0.6.1 that FUNC_FRAMEWORK_VERSION asks for: this buildpack can't start it.

    Leave FUNC_FRAMEWORK_VERSION out: the builder carries 1.0.0, which also serves what was written for earlier versions. Another one has to be a later release of it."
  `);
  expect(exitCode).toBe(1);
});

test('one that no registry has is refused', async () => {
  const registry = await startLater();
  const { exitCode, output } = await makeHello(registry).build(
    { ...HELLO, FUNC_FRAMEWORK_VERSION: '7.0.0' },
    bound(registry),
  );
  expect(output.slice(output.indexOf('ERROR'))).toMatchInlineSnapshot(`
    "ERROR [OFN-FRAMEWORK] Couldn't find a functions framework for "7.0.0", which FUNC_FRAMEWORK_VERSION asks for: the registry has none.

    Leave FUNC_FRAMEWORK_VERSION out: the builder carries 1.0.0, which also serves what was written for earlier versions. Another one has to be a later release of it."
  `);
  expect(exitCode).toBe(1);
});
