import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { execa } from 'execa';
import { expect, test } from 'vitest';
import { artefact } from '../../support/artefact.ts';
import { makeSite } from '../../support/buildpack.ts';
import { makeFolder } from '../../support/workspace.ts';

/**
 * What OpenFunction's controller and its build strategy make of `spec.build.env`: the controller joins `k=v#`, the
 * strategy hands the text to a shell, cuts it at `#`, blanks and `=`, and writes files.
 */
async function throughOpenFunction(env: Readonly<Record<string, string>>): Promise<Record<string, string>> {
  const joined = Object.entries(env).map(([name, value]) => `${name}=${value}#`);
  const folder = makeFolder();
  const script = `set -e
pairs=(\`echo ${joined.join('')} | tr '#' ' '\`)
for pair in "\${pairs[@]}"; do
  IFS='=' read -r name value rest <<< "$pair"
  if [[ "$name" != "" && "$value" != "" ]]; then echo -n "$value" > "$TARGET/$name"; fi
done`;
  // A redirection writes where the shell stands.
  await execa('bash', ['-c', script], { cwd: makeFolder(), env: { TARGET: folder } });
  return Object.fromEntries(readdirSync(folder).map((name) => [name, readFileSync(join(folder, name), 'utf8')]));
}

const FILES = {
  'index.js': 'exports.hello = (req, res) => res.end();',
  'package.json': JSON.stringify({ scripts: { build: 'node -p "process.env.CANARY" > canary.txt' } }),
};

const named = (env: Readonly<Record<string, string>>) => ({ FUNC_NAME: 'hello', ...env });

test.each<[string, Record<string, string>, Record<string, string>, string]>([
  [
    'a second "="',
    { NODE_OPTIONS: '--max-old-space-size=512' },
    { NODE_OPTIONS: '--max-old-space-size' },
    "Couldn't use NODE_OPTIONS: the last option is without its value",
  ],
  [
    'an option and its value',
    { NODE_OPTIONS: '--import ./x.mjs' },
    { NODE_OPTIONS: '--import' },
    'as when a platform cuts values at blanks and at their second "="',
  ],
  [
    'labels, as docs/build.md has them,',
    { BP_IMAGE_LABELS: 'team=shop note="two words"' },
    { BP_IMAGE_LABELS: 'team', note: 'two' },
    "Couldn't use BP_IMAGE_LABELS: the name of a label is without its value",
  ],
  [
    'a list with blanks',
    { BP_NODE_RUN_SCRIPTS: 'build, lint' },
    { BP_NODE_RUN_SCRIPTS: 'build,' },
    "Couldn't use BP_NODE_RUN_SCRIPTS: the list ends with a comma",
  ],
  [
    'a "=" in a query',
    { URL: 'https://x?a=b' },
    { URL: 'https://x?a' },
    'URL may have been damaged on its way here: the last part of the query is without its value',
  ],
  [
    'blanks',
    { BP_NODE_RUN_SCRIPTS: 'npm run build' },
    { BP_NODE_RUN_SCRIPTS: 'npm' },
    'BP_NODE_RUN_SCRIPTS may have been damaged on its way here: it is a program without arguments',
  ],
  [
    'eaten quotes',
    { X: '{"a":1}' },
    { X: '{a:1}' },
    'X may have been damaged on its way here: it is JSON without its quotes',
  ],
  [
    'JSON with a blank',
    { X: '{"a": 1}' },
    { X: '{a:' },
    'X may have been damaged on its way here: a bracket is never closed',
  ],
])('%s is told', async (_, meant, arriving, message) => {
  const arrived = await throughOpenFunction(named(meant));
  expect(arrived).toEqual(named(arriving));
  const { output } = await makeSite(FILES).build({ BP_FUNCTION_CHECK: 'off', ...arrived });
  expect(output).toContain(message);
  expect(output).toContain(`"ofn env '${Object.keys(meant)[0]}=...'" prints`);
});

test('a ">" takes every variable, and no function is named any more', async () => {
  const arrived = await throughOpenFunction(named({ BP_NODE_VERSION: '>=20' }));
  expect(arrived).toEqual({});
  const { exitCode, output } = await makeSite(FILES).detect(arrived);
  expect(exitCode).toBe(100);
  expect(output).toContain('No function is named');
});

test('an empty value never arrives, and means the same', async () => {
  const arrived = await throughOpenFunction(named({ FUNC_TYPE: '' }));
  expect(arrived).toEqual({ FUNC_NAME: 'hello' });
  expect(await makeSite(FILES).build({ ...arrived, FUNC_TYPE: '' })).toMatchObject({ exitCode: 0 });
});

const CANARY = 'a=b c#d "e" \'f\' $(id -u) `id` > g | h & \\ * ~ é\n{"i": [1]}';

test('FUNC_ENV_B64URL survives all of it', async () => {
  const meant = { FUNC_NAME: 'hello', BP_NODE_RUN_SCRIPTS: 'build', CANARY, EMPTY: '' };
  const words = Object.entries(meant).map(([name, value]) => `${name}=${value}`);
  const { stdout } = await execa('node', [artefact('dist/cli/index.js'), 'env', ...words]);
  const [, encoded = ''] = /^FUNC_ENV_B64URL=(\S+)$/.exec(stdout) ?? [];
  const arrived = await throughOpenFunction({ FUNC_ENV_B64URL: encoded });
  expect(arrived).toEqual({ FUNC_ENV_B64URL: encoded });
  const site = makeSite({ ...FILES, 'package-lock.json': '{"lockfileVersion": 3, "packages": {"": {}}}' });
  const { exitCode, output } = await site.build(arrived);
  expect(output).toContain('Function "hello" (from FUNC_NAME in FUNC_ENV_B64URL)');
  expect(exitCode).toBe(0);
  expect(readFileSync(join(site.app, 'canary.txt'), 'utf8')).toBe(`${CANARY}\n`);
});

test("variables of the platform's own container are no configuration", async () => {
  const machine = { HOME: '/nowhere', PATH: '/nowhere', KUBERNETES_PORT: 'tcp://10.0.0.1:443', HOSTNAME: 'pod' };
  const { exitCode, output } = await makeSite(FILES).build(named(machine));
  expect(output).not.toContain('WARNING');
  expect(exitCode).toBe(0);
});
