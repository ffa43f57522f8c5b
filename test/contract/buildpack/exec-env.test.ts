import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { execa } from 'execa';
import { expect, test } from 'vitest';
import { makeSite, type Site } from '../../support/buildpack.ts';

const FILES = {
  'index.mjs': 'export const hello = (req, res) => res.end();',
  'hello.test.mjs':
    'import { test } from "node:test";\nimport semver from "semver";\ntest("runs", () => console.log(semver.inc("1.0.0", "major")));',
  'package.json': JSON.stringify({
    scripts: { test: 'node --test' },
    devDependencies: { semver: '7.7.2' },
    openfunction: { name: 'hello', source: 'index.mjs' },
  }),
};

const launchOf = ({ layers }: Site): string =>
  readFileSync(join(layers, 'launch.toml'), 'utf8').replaceAll(/\s+/g, ' ');
const nodeEnvOf = ({ layers }: Site): string =>
  readFileSync(join(layers, 'function/env.launch/NODE_ENV.default'), 'utf8');
const hasDevelopment = ({ layers }: Site): boolean => existsSync(join(layers, 'modules/node_modules/semver'));

test('production is the default, and without devDependencies', async () => {
  const site = makeSite(FILES);
  expect(await site.build()).toMatchObject({ exitCode: 0 });
  expect(launchOf(site)).not.toContain('--watch');
  expect([nodeEnvOf(site), hasDevelopment(site)]).toEqual(['production', false]);
});

test('development watches, and has devDependencies and an inspector', async () => {
  const site = makeSite(FILES);
  const built = await site.build({ BP_ENV: 'development', BP_INSPECTOR_PORT: '9229' });
  expect(built).toMatchObject({ exitCode: 0 });
  expect(launchOf(site)).toContain('"--watch", "--watch-preserve-output", "--inspect=0.0.0.0:9229"');
  expect([nodeEnvOf(site), hasDevelopment(site)]).toEqual(['development', true]);
});

test('a test image runs the tests, with devDependencies', async () => {
  const site = makeSite(FILES);
  expect(await site.build({ BP_ENV: 'test' })).toMatchObject({ exitCode: 0 });
  expect([nodeEnvOf(site), hasDevelopment(site)]).toEqual(['test', true]);
  expect(launchOf(site)).toContain('type = "test" command = [ "node", "--test" ] default = true');
  const { exitCode, stdout } = await execa('node', ['--test'], { cwd: site.app, reject: false, extendEnv: false });
  expect(stdout).toContain('2.0.0');
  expect(exitCode).toBe(0);
});

test('a test script that needs a shell is refused, with what to write', async () => {
  const site = makeSite({ ...FILES, 'package.json': '{"scripts": {"test": "lint && node --test"}}' });
  const { exitCode, output } = await site.build({ BP_ENV: 'test', FUNC_NAME: 'hello', FUNC_SRC: 'index.mjs' });
  expect(output).toContain(`Couldn't use the command "lint && node --test" from "test" in scripts of package.json`);
  expect(exitCode).toBe(1);
});

test.each([
  ['patterns', 'node --test *.test.mjs', '"node", "--test", "*.test.mjs"'],
  ['a variable', 'NODE_ENV=ci node --test', '"node", "--test"'],
  ['what npm init writes', 'echo "Error: no test specified" && exit 1', '"node", "--test"'],
])('a test script with %s runs', async (_, script, command) => {
  const site = makeSite({
    'index.mjs': FILES['index.mjs'],
    'package.json': JSON.stringify({ scripts: { test: script } }),
  });
  const { exitCode, output } = await site.build({ BP_ENV: 'test', FUNC_NAME: 'hello' });
  expect(output).not.toContain('Dependencies:');
  expect(exitCode).toBe(0);
  expect(launchOf(site)).toContain(`type = "test" command = [ ${command} ] default = true`);
});

test('a test script that is of no use is told before anything is installed', async () => {
  const manifest = { scripts: { test: 'lint && node --test' }, dependencies: { semver: '7.7.2' } };
  const site = makeSite({ 'index.mjs': FILES['index.mjs'], 'package.json': JSON.stringify(manifest) });
  const { exitCode, output } = await site.build({ BP_ENV: 'test', FUNC_NAME: 'hello' });
  expect(output).toContain('it needs a shell, and the image has none');
  expect(output).not.toContain('Dependencies:');
  expect(exitCode).toBe(1);
});
