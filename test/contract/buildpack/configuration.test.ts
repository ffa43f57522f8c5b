import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { makeSite } from '../../support/buildpack.ts';

test('a function in a folder of its own, without a package.json, is built', async () => {
  const site = makeSite({ 'fn/index.js': 'exports.hello = (req, res) => res.end();' });
  const env = { FUNC_NAME: 'hello', FUNC_SRC: 'fn' };
  expect(await site.detect(env)).toMatchObject({ exitCode: 0 });
  const { exitCode, output } = await site.build(env);
  expect(output).toContain('boots, http signature, <app>/fn/index.js');
  expect(exitCode).toBe(0);
});

const PROJECT = `[_]
schema-version = "0.2"
[io.buildpacks]
exclude = ["docs"]
[[io.buildpacks.build.env]]
name = "FUNC_NAME"
value = "hello"
[[io.buildpacks.build.env]]
name = "NPM_TOKEN"
value = "canary-of-npm"
`;

test('project.toml is honoured where no platform reads it, and changes nothing where one did', async () => {
  const site = makeSite({
    'index.js': 'exports.hello = (req, res) => res.end();',
    'docs/long.md': '',
    'lib/project.toml': '',
    'project.toml': PROJECT,
  });
  expect(await site.detect()).toMatchObject({ exitCode: 0 });
  const { exitCode, output } = await site.build();
  expect(output).toContain('Left out, as project.toml says: docs/long.md');
  expect(output).toContain('Function "hello" (from FUNC_NAME in project.toml)');
  expect(exitCode).toBe(0);
  expect(existsSync(join(site.app, 'docs'))).toBe(false);
  expect(output).toContain('Left out of the image: project.toml\n');
  expect(readdirSync(site.app)).not.toContain('project.toml');
  expect(readdirSync(join(site.app, 'lib'))).toEqual(['project.toml']);
  writeFileSync(join(site.app, 'project.toml'), PROJECT);
  const again = await site.build({ FUNC_NAME: 'hello', NPM_TOKEN: 'canary-of-npm' });
  expect(again.output).not.toContain('Left out, as');
  expect(again.output).toContain('Function "hello" (from FUNC_NAME in project.toml)');
});

test('the plan in the image says what was decided and why, the same for the same project, and no secret', async () => {
  const files = {
    'index.js': 'exports.hello = (req, res) => res.end();',
    'func.toml': '[openfunction]\nname = "hello"\n',
  };
  const secret = { NPM_TOKEN: 'canary', BP_NODE_DIST_URL: 'https://me:canary@mirror.example/' };
  const planIn = (layers: string): string =>
    /key = "io\.openfunction\.plan"\nvalue = (.*)\n/.exec(readFileSync(join(layers, 'launch.toml'), 'utf8'))?.[1] ?? '';
  const site = makeSite(files);
  await site.build(secret);
  const plan = planIn(site.layers);
  expect(plan).toContain('"name\\\" in func.toml');
  expect(plan).not.toContain('canary');
  await site.build(secret);
  expect(planIn(site.layers)).toBe(plan);
  const elsewhere = makeSite(files);
  await elsewhere.build(secret);
  expect(planIn(elsewhere.layers)).toBe(plan);
});

test('a setting that can not be used is told before anything is done for the function', async () => {
  const site = makeSite({ 'index.js': 'exports.hello = (req, res) => res.end();' });
  const { exitCode, output } = await site.build({ FUNC_NAME: 'hello', BP_IMAGE_LABELS: 'team=shop note' });
  expect(output).toMatch(/^ERROR \[OFN-CONFIG\] Couldn't use BP_IMAGE_LABELS: "note" is not name=value\./);
  expect(exitCode).toBe(1);
});

test('a variable that is misspelt is told', async () => {
  const site = makeSite({ 'index.js': 'exports.hello = (req, res) => res.end();' });
  const { output } = await site.build({ FUNC_NAME: 'hello', FUNC_TPYE: 'http' });
  expect(output).toContain('WARNING: FUNC_TPYE says nothing to this buildpack: did you mean FUNC_TYPE?');
});

const LOCK = '{"lockfileVersion": 3, "packages": {"": {}, "node_modules/semver": {"version": "7.7.2"}}}';

test.each<[string, Record<string, string>, Record<string, string>]>([
  ['an unknown signature type', {}, { FUNC_TYPE: 'grpc' }],
  ['a broken lock file', { 'package.json': '{}', 'package-lock.json': '{ "packages": }' }, {}],
  [
    'a lock file that disagrees',
    { 'package.json': '{"dependencies": {"semver": "7.7.1"}}', 'package-lock.json': LOCK },
    {},
  ],
  [
    'a script that needs a devDependency',
    {
      'package.json': '{"scripts": {"postinstall": "tool-of-developers"}, "dependencies": {}}',
      'package-lock.json': LOCK,
    },
    {},
  ],
  ['a plugin of Keel without an id', { 'func.toml': '[keel]\nversion = "1.0"\n' }, {}],
  ['a plugin of Keel with a dialect nobody speaks', { 'func.toml': '[keel]\nplugin_id = "a"\ndialect = "v2"\n' }, {}],
  [
    'a plugin of Keel with a hook that is misspelt',
    { 'index.js': 'exports.hello = () => {};\nexports.keel = { addonIdentify() {} };' },
    { KEEL_PLUGIN_ID: 'acme-mail' },
  ],
])('%s: the message says what to do', async (_, files, env) => {
  const site = makeSite({ 'index.js': 'exports.hello = () => {};', ...files });
  const { exitCode, output } = await site.build({ FUNC_NAME: 'hello', ...env });
  expect(exitCode).toBe(1);
  const message = output.slice(output.indexOf('ERROR'));
  expect(message.replaceAll(/npm error A complete log.*\n/g, '')).toMatchSnapshot();
});
