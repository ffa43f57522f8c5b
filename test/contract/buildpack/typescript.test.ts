import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { ROOT } from '../../support/artefact.ts';
import { makeSite, type Site } from '../../support/buildpack.ts';
import { contentsOf } from '../../support/contents.ts';
import { ownPort } from '../../support/own-port.ts';
import { start } from '../../support/process.ts';
import { expectPrinted } from '../../support/server-process.ts';
import { answerOf, json, launchEnvironment, NPM_CACHE } from '../../support/shape.ts';
import { COMPILER, tsconfigOf } from '../../support/typescript.ts';

const HELLO = { FUNC_NAME: 'hello', npm_config_cache: NPM_CACHE };

const manifest = (more: object = {}): string =>
  json({ name: 'app', version: '1.0.0', private: true, devDependencies: COMPILER, ...more });

/** Answers with what an enum says; throws in line 6. */
const SOURCE = `import type { ServerResponse } from 'node:http';
import { Colour } from './colour.js';

export const hello = (req: { url?: string }, res: ServerResponse): void => {
  if (req.url !== '/') {
    throw new Error('no such page');
  }
  res.end(\`colour: \${Colour.Red}\`);
};
`;
const COLOUR = `export enum Colour {\n  Red = 'red',\n}\n`;

/** Files of a project in \`src\`. */
const project = (more: Readonly<Record<string, string>> = {}): Record<string, string> => ({
  'package.json': manifest({ type: 'module' }),
  'tsconfig.json': tsconfigOf({ outDir: 'dist', rootDir: 'src' }),
  'src/index.ts': SOURCE,
  'src/colour.ts': COLOUR,
  ...more,
});

/** Starts what was built and gives what it prints when its function throws. */
async function failureOf(site: Site): Promise<string> {
  const port = String(await ownPort());
  const env = await launchEnvironment(site.layers, { PATH: process.env['PATH'], PORT: port, NODE_ENV: 'development' });
  const running = start('node', [join(site.layers, 'function/main.mjs')], env);
  await expectPrinted(running, 'URL: http://localhost:');
  expect((await fetch(`http://127.0.0.1:${port}/nowhere`)).status).toBe(500);
  running.kill('SIGTERM');
  return (await running.ended).all;
}

test('what Node.js can not strip is compiled, and stacks name the TypeScript', async () => {
  const site = makeSite(project());
  const { exitCode, output } = await site.build(HELLO);
  expect(output).toContain(
    'TypeScript: compiling, because src/index.ts imports "./colour.js", which a compiler makes of colour.ts',
  );
  expect(output).toContain('TypeScript: tsc 7.0.2, tsconfig.json');
  expect(output).toMatch(/Compile cache: (\d+) of \1 modules/);
  expect(exitCode).toBe(0);
  expect(await answerOf(site)).toBe('colour: red');
  expect(await failureOf(site)).toContain(`Error: no such page\n    at hello (${site.app}/src/index.ts:6:11)`);
  expect(readdirSync(join(site.layers, 'modules/node_modules')).filter((name) => !name.startsWith('@'))).toEqual([]);
});

interface Shape {
  readonly files: Readonly<Record<string, string>>;
  readonly env?: Readonly<Record<string, string>>;
  readonly prints: string;
  /** Files that are there afterwards, relative to the app. */
  readonly made?: readonly string[];
}

const DECORATED = `const seen: string[] = [];
const note = (_: unknown, { name }: ClassMethodDecoratorContext): void => void seen.push(String(name));
class Answers {
  @note
  red(): string {
    return 'colour: ' + (seen[0] ?? 'none');
  }
}
export const hello = (_: unknown, res: { end(text: string): void }): void => res.end(new Answers().red());
`;
const JSX = `const h = (tag: string, _: unknown, text: string): string => \`\${tag}: \${text}\`;
declare global { namespace JSX { interface IntrinsicElements { colour: object } } }
export const hello = (_: unknown, res: { end(text: string): void }): void => res.end(String(<colour>red</colour>));
`;
const RELATIVE = SOURCE.replace('./colour.js', './colour.ts');
const OLD = "throw new Error('old');";

const SHAPES: Readonly<Record<string, Shape>> = {
  'an enum in a module that is imported': {
    files: project({
      'src/index.ts': RELATIVE,
      'tsconfig.json': tsconfigOf({ noEmit: true, allowImportingTsExtensions: true }),
    }),
    prints: "because src/colour.ts has syntax that Node.js can't strip (TypeScript enum is not supported",
    made: ['src/index.js', 'src/index.js.map', 'src/colour.js'],
  },
  decorators: {
    files: project({ 'src/index.ts': DECORATED }),
    prints: 'because src/index.ts has decorators',
    made: ['dist/index.js'],
  },
  JSX: {
    files: project({
      'package.json': manifest({ main: 'src/page.tsx' }),
      'tsconfig.json': tsconfigOf({ jsx: 'react', jsxFactory: 'h', outDir: 'lib', rootDir: 'src' }),
      'src/page.tsx': JSX,
    }),
    prints: 'because src/page.tsx has JSX',
  },
  'a type that is imported as a value, compiled to CommonJS': {
    files: project({
      'package.json': manifest(),
      'src/index.ts': SOURCE.replace('import type', 'import').replace('./colour.js', './colour'),
      'tsconfig.json': tsconfigOf({ outDir: 'build', rootDir: 'src' }),
    }),
    prints: 'because src/index.ts imports ServerResponse of "node:http" for its type, without "import type"',
    made: ['build/index.js'],
  },
  'main that the script build makes': {
    files: project({ 'package.json': manifest({ type: 'module', main: 'dist/index.js', scripts: { build: 'tsc' } }) }),
    prints: 'Build script: build, because "main" of package.json names dist/index.js, which is not there',
    made: ['dist/index.js'],
  },
  'main that the compiler makes, from an earlier run with its notes': {
    files: project({
      'package.json': manifest({ type: 'module', main: './dist/index.js' }),
      'tsconfig.json': tsconfigOf({ incremental: true, outDir: 'dist', rootDir: 'src' }),
      'dist/index.js': OLD,
    }),
    prints: 'compiling, because dist/index.js is made of TypeScript',
  },
  'a function of a monorepo, whose sibling its own script makes': {
    files: {
      'package.json': manifest({ workspaces: ['packages/*'] }),
      'packages/fn/package.json': json({
        name: '@me/fn',
        version: '1.0.0',
        type: 'module',
        dependencies: { '@me/colour': '1.0.0' },
      }),
      'packages/fn/src/index.ts': SOURCE.replace('./colour.js', '@me/colour'),
      'packages/colour/package.json': json({
        name: '@me/colour',
        version: '1.0.0',
        type: 'module',
        main: 'dist/index.js',
        scripts: { build: 'tsc' },
      }),
      'packages/colour/tsconfig.json': tsconfigOf({ outDir: 'dist', rootDir: 'src' }),
      'packages/colour/src/index.ts': COLOUR,
    },
    env: { FUNC_SRC: 'packages/fn' },
    prints: 'because @me/colour names packages/colour/dist/index.js, which is not there',
    made: ['packages/colour/dist/index.js'],
  },
  'a function of a monorepo, with references to its sibling': {
    files: {
      'package.json': manifest({ workspaces: ['packages/*'] }),
      'packages/fn/package.json': json({
        name: '@me/fn',
        version: '1.0.0',
        type: 'module',
        main: 'dist/index.js',
        dependencies: { '@me/colour': '1.0.0' },
      }),
      'packages/fn/tsconfig.json': json({
        extends: '../../tsconfig.base',
        compilerOptions: { outDir: 'dist', rootDir: 'src' },
        include: ['src'],
        references: [{ path: '../colour' }],
      }),
      'packages/fn/src/index.ts': SOURCE.replace('./colour.js', '@me/colour'),
      'packages/colour/package.json': json({
        name: '@me/colour',
        version: '1.0.0',
        type: 'module',
        exports: './dist/index.js',
      }),
      'packages/colour/tsconfig.json': json({
        extends: '../../tsconfig.base',
        compilerOptions: { outDir: 'dist', rootDir: 'src' },
        include: ['src'],
      }),
      'packages/colour/src/index.ts': COLOUR,
      'tsconfig.base.json': `// of all packages\n${tsconfigOf({ composite: true })}`,
    },
    env: { FUNC_SRC: 'packages/fn' },
    prints: 'because "main" of package.json names packages/fn/dist/index.js, which is not there',
    made: ['packages/colour/dist/index.js', 'packages/fn/dist/index.js'],
  },
};

test.each(Object.entries(SHAPES))('%s', async (_, { files, env, prints, made = [] }) => {
  const site = makeSite(files);
  const { exitCode, output } = await site.build({ ...HELLO, ...env });
  expect(output).toContain(prints);
  expect(exitCode).toBe(0);
  expect(await answerOf(site)).toBe('colour: red');
  expect(made.filter((path) => !existsSync(join(site.app, path)))).toEqual([]);
  const names = readdirSync(site.app, { recursive: true }).map(String);
  expect(names.filter((path) => path.endsWith('.tsbuildinfo'))).toEqual([]);
});

/** A registry at which nobody listens: what asks there fails at once. */
const CUT_OFF = { npm_config_registry: 'http://127.0.0.1:9/', npm_config_fetch_retries: '0' };

/** With a lock file, an old compiler and a dependency. */
const LOCKED = project({
  'package.json': json({
    name: 'app',
    version: '1.0.0',
    private: true,
    type: 'module',
    dependencies: { 'is-odd': '3.0.1' },
    devDependencies: { typescript: '5.9.3', '@types/node': '22.20.1' },
  }),
  'package-lock.json': readFileSync(join(ROOT, 'test/fixtures/typescript/package-lock.json'), 'utf8'),
  'src/index.ts': `import odd from 'is-odd';\n${SOURCE.replace('Colour.Red', 'odd(3) && Colour.Red')}`,
  'src/is-odd.d.ts': "declare module 'is-odd' {\n  export default function odd(value: number): boolean;\n}\n",
});

test('a change of the source takes dependencies over, and a cache spares the network', async () => {
  const site = makeSite(LOCKED);
  expect((await site.build(HELLO)).exitCode).toBe(0);
  const first = contentsOf(join(site.app, 'dist'));
  const metadata = readFileSync(join(site.layers, 'modules.toml'), 'utf8');
  for (const layer of ['framework', 'function', 'modules', 'compile-cache']) {
    rmSync(join(site.layers, layer), { recursive: true });
    const file = join(site.layers, `${layer}.toml`);
    writeFileSync(file, readFileSync(file, 'utf8').replace(/\[types\]\n(?:\w+ = \w+\n)+/, ''));
  }
  rmSync(join(site.app, 'dist'), { recursive: true });
  const { exitCode, output } = await site.build({ ...HELLO, ...CUT_OFF });
  expect(output).toContain('Dependencies: reused, nothing that decides them has changed');
  expect(output).not.toContain('after all');
  expect(exitCode).toBe(0);
  expect(contentsOf(join(site.app, 'dist'))).toEqual(first);
  expect(readFileSync(join(site.layers, 'modules.toml'), 'utf8')).toBe(metadata);
});

test('what Node.js strips is not compiled, and nothing is installed for it', async () => {
  const site = makeSite({
    ...LOCKED,
    'src/index.ts':
      "import { red } from './red.ts';\nexport const hello = (_: object, res: { end(text: string): void }) => res.end(red);\n",
    'src/red.ts': "export const red: string = 'colour: red';\n",
  });
  const { exitCode, output } = await site.build(HELLO);
  expect(output).not.toContain('TypeScript:');
  expect(output.match(/npm ci.*/g)).toEqual(['npm ci --omit=dev']);
  expect(exitCode).toBe(0);
  expect(existsSync(join(site.app, 'dist'))).toBe(false);
  expect(readFileSync(join(site.layers, 'function/main.mjs'), 'utf8')).not.toContain('setSourceMapsSupport');
  expect(await answerOf(site)).toBe('colour: red');
});

test.each<[string, Readonly<Record<string, string>>, Readonly<Record<string, string>>]>([
  ['an error of types', { 'src/colour.ts': `${COLOUR}export const wrong: number = 'text';\n` }, {}],
  ['no tsconfig.json', { 'tsconfig.json': '' }, {}],
  ['a module that tsconfig.json leaves out', { 'tsconfig.json': json({ files: ['src/colour.ts'] }) }, {}],
  [
    'main in another folder than the compiler writes to',
    {
      'package.json': manifest({ type: 'module', main: 'dist/main/index.js', scripts: { build: 'tsc' } }),
      'plugins.d.ts': 'export {};\n',
    },
    {},
  ],
  [
    'a script that fails',
    { 'package.json': manifest({ main: 'dist/index.js', scripts: { build: 'echo "no such act" && exit 3' } }) },
    {},
  ],
  ['BP_TYPESCRIPT=off', {}, { BP_TYPESCRIPT: 'off' }],
  ['no compiler in the project', { 'package.json': '{"type": "module"}', 'src/index.ts': COLOUR }, {}],
])('%s fails with a code and what to do', async (_, files, env) => {
  const site = makeSite(project(files));
  if (files['tsconfig.json'] === '') rmSync(join(site.app, 'tsconfig.json'));
  const { exitCode, output } = await site.build({ ...HELLO, ...env });
  expect(exitCode).toBe(1);
  expect(output.slice(output.indexOf('ERROR')).trimEnd()).toMatchSnapshot();
});

test('a source map that a bundler made serves too', async () => {
  const site = makeSite({
    'index.js': "exports.hello = (req, res) => { throw new Error('mapped'); };\n//# sourceMappingURL=index.js.map\n",
    // The first line of the JavaScript is the first of the source.
    'index.js.map': json({ version: 3, sources: ['hello.coffee'], names: [], mappings: 'AAAA' }),
  });
  expect((await site.build(HELLO)).exitCode).toBe(0);
  expect(await failureOf(site)).toContain(`${site.app}/hello.coffee:1:1`);
});
