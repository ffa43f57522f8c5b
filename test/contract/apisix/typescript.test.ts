import { existsSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { RunnerClient } from '../../support/apisix/client.ts';
import { makeSite, type Site } from '../../support/buildpack.ts';
import { start } from '../../support/process.ts';
import { expectPrinted } from '../../support/server-process.ts';
import { json, NPM_CACHE } from '../../support/shape.ts';
import { COMPILER, tsconfigOf } from '../../support/typescript.ts';
import { makeFolder } from '../../support/workspace.ts';

type Files = Readonly<Record<string, string>>;

const PLUGINS = { FUNC_TYPE: 'apisix', npm_config_cache: NPM_CACHE };

const manifest = (more: object = {}): Files => ({
  'package.json': json({ private: true, type: 'module', devDependencies: COMPILER, ...more }),
});
const tsconfig = (...said: Parameters<typeof tsconfigOf>): Files => ({ 'tsconfig.json': tsconfigOf(...said) });
const OUT = tsconfig({ outDir: 'dist', rootDir: 'src' });

/** A plugin that answers with its name and a status; throws in line 9 for a value without one. */
const plugin = (name: string, answer = './answer.js'): string => `
import { definePlugin } from '@openfunction/functions-framework/apisix';
import { Answer } from '${answer}';

export const ${name} = definePlugin<{ status?: number }>({
  name: '${name}',
  requestFilter({ status }, writer) {
    if (status === undefined) {
      throw new Error('no status');
    }
    writer.writeHeader(status);
    writer.write(\`${name} \${new Answer(status).isNo()}\`);
  },
});
`;
const ANSWER = `namespace Status {
  export const No = 403;
}
export enum Words { No = 'no', Yes = 'yes' }
export class Answer {
  constructor(private readonly status: number) {}
  isNo(): string {
    return this.status === Status.No ? Words.No : Words.Yes;
  }
}
`;

/** Starts what was built, and a client of it. */
async function startBuilt(site: Site) {
  const socket = join(makeFolder(), 'runner.sock');
  const env = { APISIX_LISTEN_ADDRESS: `unix:${socket}` };
  const child = start('node', [join(site.layers, 'function/main.mjs')], env);
  await expectPrinted(child, 'listening to');
  return { child, client: await RunnerClient.connect(socket) };
}

async function expectPlugins(site: Site, names: readonly string[]): Promise<void> {
  const { client } = await startBuilt(site);
  for (const name of names) {
    const { message } = await client.request(await client.prepare([[name, '{"status": 403}']]));
    expect(message).toMatchObject({ stop: { status: 403, body: `${name} no` } });
  }
}

test('plugins that Node.js can not strip are compiled, and their stacks name the TypeScript', async () => {
  const site = makeSite({
    ...manifest(),
    ...OUT,
    'src/quota.ts': plugin('quota'),
    'src/limit/index.ts': plugin('limit', '../answer.js'),
    'src/answer.ts': ANSWER,
    'src/quota.test.ts': `throw new Error('not to be loaded');`,
  });
  const { exitCode, output } = await site.build({ ...PLUGINS, FUNC_SRC: 'src', FUNC_CLEAR_SOURCE: 'on' });
  expect(output).toContain(
    "TypeScript: compiling, because src/answer.ts has syntax that Node.js can't strip (TypeScript namespace",
  );
  expect({ exitCode, output }).toMatchObject({
    exitCode: 0,
    output: expect.stringContaining('boots, apisix signature, <app>/dist'),
  });
  expect(output).toContain('Sources left out of the image: src');
  await expectPlugins(site, ['limit', 'quota']);

  const { child, client } = await startBuilt(site);
  const failed = await client.request(await client.prepare([['quota', '{}']]));
  expect(failed.message).toEqual({ error: 'SERVICE_UNAVAILABLE' });
  await expectPrinted(child, `${site.app}/src/quota.ts:9:13`);
  expect(existsSync(join(site.layers, 'modules/node_modules/typescript'))).toBe(false);
});

interface Shape {
  readonly files: Files;
  /** Links to folders or files, relative to the app and to themselves. */
  readonly links?: Files;
  readonly source?: string;
  readonly prints: string;
  /** What the runner is started with, relative to the app. */
  readonly runs: string;
  readonly plugins?: readonly string[];
}

const DECORATED = `import { definePlugin, type ResponseWriter } from '@openfunction/functions-framework/apisix';
const seen: string[] = [];
const note = (_: unknown, { name }: ClassMethodDecoratorContext): void => void seen.push(String(name));
class Answers {
  @note
  quota(writer: ResponseWriter, status: number): void {
    writer.writeHeader(status);
    writer.write(\`\${seen[0]} no\`);
  }
}
export const quota = definePlugin<{ status: number }>({
  name: 'quota',
  requestFilter: ({ status }, writer) => new Answers().quota(writer, status),
});
`;
const SCRIPT = { scripts: { build: 'tsc' } };
const OLD = `throw new Error('old');`;

const SHAPES: Readonly<Record<string, Shape>> = {
  'one file without its suffix': {
    files: { ...manifest(), ...OUT, 'src/quota.ts': plugin('quota'), 'src/answer.ts': ANSWER },
    source: 'src/quota',
    prints: 'compiling, because src/quota.ts imports "./answer.js"',
    runs: 'dist/quota.js',
  },
  'index files in folders of the root, and extensionless imports, compiled to CommonJS': {
    files: {
      ...manifest({ type: 'commonjs' }),
      ...tsconfig({ outDir: 'build' }),
      'quota/index.ts': plugin('quota', '../lib/answer'),
      'limit/index.ts': plugin('limit', '../lib/answer'),
      'lib/answer.ts': ANSWER,
    },
    prints: 'compiling, because limit/index.ts imports "../lib/answer", which a compiler makes of answer.ts',
    runs: 'build',
    plugins: ['limit', 'quota'],
  },
  'decorators, with JavaScript beside TypeScript': {
    files: {
      ...manifest(),
      ...tsconfig(),
      'quota.ts': DECORATED,
      'other.js': 'export const other = { name: "other", parseConf() {} };',
    },
    prints: 'compiling, because quota.ts has decorators',
    runs: '.',
  },
  'src alone of the root, and what an earlier run made of it': {
    files: {
      ...manifest(),
      ...OUT,
      'src/index.ts': `export { quota } from './quota.js';`,
      'src/quota.ts': plugin('quota'),
      'src/answer.ts': ANSWER,
      'dist/index.js': OLD,
    },
    prints: 'compiling, because src/index.ts imports "./quota.js", which a compiler makes of quota.ts',
    runs: 'dist/index.js',
  },
  'JavaScript among it, which the compiler takes as well': {
    files: {
      ...manifest(),
      ...tsconfig({ outDir: 'out', rootDir: 'src', allowJs: true }),
      'src/quota.ts': plugin('quota'),
      'src/answer.ts': ANSWER,
      'src/limit.js': `export const limit = { name: 'limit', requestFilter: (_c, w) => { w.writeHeader(403); w.write('limit no'); } };`,
    },
    source: 'src',
    prints: 'TypeScript: compiling',
    runs: 'out',
    plugins: ['limit', 'quota'],
  },
  'what an earlier run made of sources that are gone': {
    files: {
      ...manifest(),
      ...OUT,
      'src/renamed.ts': plugin('quota'),
      'src/answer.ts': ANSWER,
      'dist/quota.js': 'export const quota = { name: "quota" };',
      'dist/old/index.js': OLD,
    },
    source: 'src',
    prints: 'because the compiler does not make it of what is there now: dist/old/index.js, dist/quota.js',
    runs: 'dist',
  },
  'a folder of sources that is that of the output too, with JavaScript': {
    files: {
      ...manifest(),
      ...tsconfig({ outDir: 'src', rootDir: 'src' }, { exclude: [] }),
      'src/quota.ts': plugin('quota'),
      'src/answer.ts': ANSWER,
      'src/limit.js': `export const limit = { name: 'limit', requestFilter: (_c, w) => { w.writeHeader(403); w.write('limit no'); } };`,
    },
    source: 'src',
    prints: 'TypeScript: compiling',
    runs: 'src',
    plugins: ['limit', 'quota'],
  },
  'links to a folder and to a file': {
    files: {
      ...manifest(),
      ...tsconfig({ outDir: 'dist', rootDir: '.' }),
      'src/quota.ts': plugin('quota', '../shared/answer.js'),
      'shared/answer.ts': ANSWER,
      'shared/limit/index.ts': plugin('limit', '../answer.js'),
      'shared/say.ts': plugin('deny', '../shared/answer.js'),
    },
    links: { 'src/limit': '../shared/limit', 'src/deny.ts': '../shared/say.ts' },
    source: 'src',
    prints: 'TypeScript: compiling',
    runs: 'dist/src',
    plugins: ['deny', 'limit', 'quota'],
  },
  'a folder that the script build makes': {
    files: { ...manifest(SCRIPT), ...OUT, 'src/quota.ts': plugin('quota'), 'src/answer.ts': ANSWER },
    source: 'dist',
    prints: 'Build script: build, because FUNC_SRC names dist, which is not there',
    runs: 'dist',
  },
  'a folder that the compiler makes': {
    files: { ...manifest(), ...OUT, 'src/quota.ts': plugin('quota'), 'src/answer.ts': ANSWER, 'dist/README.md': '' },
    source: 'dist',
    prints: 'compiling, because FUNC_SRC names dist, which has no module',
    runs: 'dist',
  },
};

test.each(Object.entries(SHAPES))(
  '%s',
  async (_, { files, links = {}, source = '.', prints, runs, plugins = ['quota'] }) => {
    const site = makeSite(files);
    for (const [path, target] of Object.entries(links)) symlinkSync(target, join(site.app, path));
    const { exitCode, output } = await site.build({ ...PLUGINS, FUNC_SRC: source });
    expect(output).toContain(prints);
    expect({ exitCode, output }).toMatchObject({ exitCode: 0 });
    const main = readFileSync(join(site.layers, 'function/main.mjs'), 'utf8');
    expect(main).toContain(`main(["run",${JSON.stringify(join(site.app, runs))}, `);
    await expectPlugins(site, plugins);
  },
);

test('plugins that Node.js strips are run as they are', async () => {
  const site = makeSite({
    ...manifest(),
    ...OUT,
    'plugins/quota.ts': plugin('quota', './answer.ts'),
    'plugins/answer.ts': `export class Answer {\n  isNo = (): string => 'no';\n  constructor(_: number) {}\n}\n`,
  });
  const { exitCode, output } = await site.build({ ...PLUGINS, FUNC_SRC: 'plugins' });
  expect(output).not.toContain('TypeScript:');
  expect(exitCode).toBe(0);
  expect(readFileSync(join(site.layers, 'function/main.mjs'), 'utf8')).not.toContain('setSourceMapsSupport');
  await expectPlugins(site, ['quota']);
});

const TYPED = { ...manifest(), ...OUT, 'src/quota.ts': plugin('quota'), 'src/answer.ts': ANSWER };
const BUILT = { FUNC_SRC: 'dist' };

test.each<[string, Files, Readonly<Record<string, string>>]>([
  ['an error of types', { 'src/answer.ts': `${ANSWER}export const wrong: number = 'text';\n` }, {}],
  [
    'a plugin that tsconfig.json leaves out',
    tsconfig({ outDir: 'dist', rootDir: 'src' }, { files: ['src/answer.ts'] }),
    {},
  ],
  [
    'JavaScript that the compiler leaves out',
    { 'src/limit.js': `export const limit = { name: 'limit', parseConf() {} };` },
    {},
  ],
  ['no tsconfig.json', { 'tsconfig.json': '' }, {}],
  ['no compiler', { 'package.json': '{"type": "module"}', 'src/answer.ts': '', 'src/quota.ts': ANSWER }, {}],
  ['a script that makes another folder', { ...manifest(SCRIPT) }, { FUNC_SRC: 'out' }],
  [
    'a script that makes what is deeper',
    { ...manifest(SCRIPT), ...tsconfig({ outDir: 'dist/plugins', rootDir: 'src' }) },
    BUILT,
  ],
  ['nothing that makes it', { 'package.json': '{"type": "module"}' }, BUILT],
  [
    'paths of tsconfig.json',
    {
      ...tsconfig({ outDir: 'dist', rootDir: 'src', paths: { '@app/*': ['./src/*'] } }),
      'src/quota.ts': plugin('quota', '@app/answer.js'),
      'src/limit.ts': 'enum A { B }\nexport const limit = { name: "limit", parseConf: () => A.B };',
    },
    {},
  ],
  ['a package that is not there', { 'src/quota.ts': `// @ts-ignore\nimport 'left-pad';\nenum A { B }\n` }, {}],
  [
    'a plugin that throws while it loads',
    { 'src/quota.ts': `enum A { B = 1 }\nif (A.B > 0) {\n  throw new Error('no address');\n}\nexport const a = 1;\n` },
    {},
  ],
])('%s fails with a code and what to do', async (_, files, env) => {
  const site = makeSite({ ...TYPED, ...files });
  if (files['tsconfig.json'] === '') rmSync(join(site.app, 'tsconfig.json'));
  const { exitCode, output } = await site.build({ ...PLUGINS, FUNC_SRC: 'src', ...env });
  expect(exitCode).toBe(1);
  expect(output.slice(output.indexOf('ERROR')).trimEnd()).toMatchSnapshot();
});
