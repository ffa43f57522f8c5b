import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { CACHE } from '../../scripts/cache.ts';
import type { Environment } from '../../src/base/setting.ts';
import { isTable } from '../../src/base/table.ts';
import { applyLayerEnv } from '../../src/libcnb/layer-env.ts';
import { readToml } from '../../src/libcnb/toml-file.ts';
import { ROOT } from './artefact.ts';
import type { Site } from './buildpack.ts';
import { ownPort } from './own-port.ts';
import { expectPrinted } from './server-process.ts';
import { start } from './process.ts';

/** npm's cache that the tests of builds share: package managers are large. */
export const NPM_CACHE: string = join(CACHE, 'test-npm');

/** A file that holds a manifest. */
export const json = (value: object): string => JSON.stringify(value);

/** A lock file that a package manager wrote for one of the apps below: `<kind>.<manager>-<version>`. */
export const lockFile = (name: string): string => readFileSync(join(ROOT, 'test/fixtures/lock-files', name), 'utf8');

/** A project of a certain form, to be built and called. */
export interface Shape {
  /** Path to content, or the name of a sample. */
  readonly files: Readonly<Record<string, string>> | string;
  /** Variables of the build besides FUNC_NAME=hello. */
  readonly env?: Readonly<Record<string, string>>;
  /** Lines of the build's output. */
  readonly prints: readonly string[];
}

const DEPENDENCIES = { 'is-odd': '3.0.1' };
const DEV = { mkdirp: '3.0.1' };

/** Answers with what a dependency says, and whether there are devDependencies. */
const SOURCE = `const odd = require('is-odd');
exports.hello = (req, res) => {
  let dev = 'none';
  try {
    dev = require.resolve('mkdirp');
  } catch {}
  res.end('odd: ' + odd(3) + ', dev: ' + dev);
};
`;

/** What all of the apps answer. */
export const ANSWER = 'odd: true, dev: none';

/** An app with a dependency and a devDependency; its manifest has `more`. */
export function plainApp(more: object = {}): Record<string, string> {
  const manifest = { name: 'app', version: '1.0.0', private: true, dependencies: DEPENDENCIES, devDependencies: DEV };
  return { 'package.json': json({ ...manifest, ...more }), 'index.js': SOURCE };
}

/** An app whose function is in a folder that its script `build` makes with a devDependency. */
export function builtApp(more: object = {}): Record<string, string> {
  const build = "mkdirp dist && node -e \"fs.copyFileSync('index.js', 'dist/function.js')\"";
  const scripts = {
    build,
    prepare: 'mkdirp .prepared',
    ci: `${String(Object(more).packageManager).split('@')[0]} run build`,
  };
  return plainApp({ main: 'dist/function.js', scripts, ...more });
}

/** A function that the compiler has to make, for it has an enum. */
export const COMPILED: Readonly<Record<string, string>> = {
  'package.json': json({
    name: 'app',
    type: 'module',
    dependencies: { 'is-odd': '3.0.1' },
    devDependencies: { typescript: '5.9.3' },
  }),
  'tsconfig.json': json({ compilerOptions: { outDir: 'dist', rootDir: 'src', module: 'nodenext', types: [] } }),
  'src/index.ts': `enum Colour { Red = 'red' }
export const hello = (req: unknown, res: { end(text: string): void }): void => res.end(Colour.Red);
`,
};
/** An app that lists the framework among its dependencies. */
export function frameworkApp(more: object = {}): Record<string, string> {
  const dependencies = { '@openfunction/functions-framework': '^1.0.0', ...DEPENDENCIES };
  const source = `require('@openfunction/functions-framework');\n${SOURCE}`;
  return { ...plainApp({ dependencies, ...more }), 'index.js': source };
}

/** A monorepo with a function in packages/fn that uses its sibling packages/text; `range` is how managers say so. */
export function monorepo(range: string, more: object = {}): Record<string, string> {
  const fn = { name: '@me/fn', version: '1.0.0', dependencies: { '@me/text': range, ...DEPENDENCIES } };
  const text = { name: '@me/text', version: '1.0.0', dependencies: { 'is-number': '7.0.0' } };
  return {
    'package.json': json({ name: 'app', version: '1.0.0', private: true, workspaces: ['packages/*'], ...more }),
    'packages/fn/package.json': json({ ...fn, devDependencies: DEV }),
    'packages/fn/index.js': SOURCE.replace('odd(3)', `require('@me/text')(odd(3))`),
    'packages/text/package.json': json(text),
    'packages/text/index.js': `const isNumber = require('is-number');\nmodule.exports = (value) => isNumber(1) && value;\n`,
  };
}

/** An app in a folder of a repository that has no package.json, with a module beside that folder that it imports. */
export function nested(folder: string, app: Readonly<Record<string, string>>): Record<string, string> {
  const source = `const text = require('../shared/text.js');\n${SOURCE.replace('odd(3)', 'text(odd(3))')}`;
  const files = Object.entries({ ...app, 'index.js': source }).map(([path, text]) => [`${folder}/${path}`, text]);
  return { ...Object.fromEntries(files), 'shared/text.js': 'module.exports = (value) => value;\n' };
}

/** Starts what was built as the image would, with `more` variables, and gives its answer. */
export async function answerOf(site: Site, more: Readonly<Record<string, string>> = {}): Promise<string> {
  const port = String(await ownPort());
  const given = { PATH: process.env['PATH'], PORT: port, NODE_ENV: 'development', ...more };
  const env = await launchEnvironment(site.layers, given);
  const running = start('node', [join(site.layers, 'function/main.mjs')], env);
  await expectPrinted(running, 'URL: http://localhost:');
  const text = await (await fetch(`http://127.0.0.1:${port}/`)).text();
  running.kill('SIGTERM');
  await running.ended;
  return text;
}

/** What the launch layers make of an environment. */
export async function launchEnvironment(layers: string, env: Environment): Promise<Record<string, string>> {
  let changed = env;
  for (const name of readdirSync(layers)
    .filter((file) => file.endsWith('.toml'))
    .toSorted()) {
    const types = (await readToml(join(layers, name)))['types'];
    if (!isTable(types) || types['launch'] !== true) continue;
    changed = await applyLayerEnv(join(layers, name.slice(0, -5)), 'launch', changed);
  }
  return Object.fromEntries(Object.entries(changed).map(([key, value]) => [key, value ?? '']));
}
