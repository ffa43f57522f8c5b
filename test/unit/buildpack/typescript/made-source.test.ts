import { mkdirSync, renameSync, rmSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { outputsOf } from '../../../../src/buildpack/typescript/compile.ts';
import { madeSource } from '../../../../src/buildpack/typescript/made-source.ts';
import { failureOf } from '../../../support/failure.ts';
import { json } from '../../../support/shape.ts';
import { makeFolder } from '../../../support/workspace.ts';

/** What was compiled: where the plugins are, which they are, and what was made of what; all relative to the app. */
interface Case {
  readonly folder?: string;
  readonly modules: readonly string[];
  readonly made: Readonly<Record<string, string>>;
}

async function compiled({ folder, modules, made }: Case) {
  const maps = Object.entries(made).map(([output, source]) => [
    `${output}.map`,
    json({ sources: ['../'.repeat(output.split('/').length - 1) + source] }),
  ]);
  const outputs = Object.keys(made).map((output) => [output, '']);
  const sources = modules.map((path) => [path, '']);
  const appDir = makeFolder(Object.fromEntries([...sources, ...outputs, ...maps]) as Record<string, string>);
  const emitted = Object.keys(made).flatMap((output) => [join(appDir, output), join(appDir, `${output}.map`)]);
  const inputs = {
    modules: modules.map((path) => join(appDir, path)),
    folder: folder === undefined ? undefined : join(appDir, folder),
  };
  const request = { appDir, tsconfig: join(appDir, 'tsconfig.json'), inputs };
  return { appDir, emitted, request: { ...request, made: await outputsOf(emitted) } };
}

test.each<[string, Case, string]>([
  ['one module', { modules: ['src/a.ts'], made: { 'dist/a.js': 'src/a.ts', 'dist/b.js': 'src/b.ts' } }, 'dist/a.js'],
  [
    'a folder',
    { folder: 'src', modules: ['src/a.ts', 'src/b.mts'], made: { 'dist/a.js': 'src/a.ts', 'dist/b.mjs': 'src/b.mts' } },
    'dist',
  ],
  [
    'a folder of the compiler in which its folders are kept',
    { folder: 'src', modules: ['src/a.ts'], made: { 'dist/src/a.js': 'src/a.ts', 'dist/test/b.js': 'test/b.ts' } },
    'dist/src',
  ],
  [
    'folders with an index',
    {
      folder: '.',
      modules: ['a/index.ts', 'b.ts'],
      made: { 'out/a/index.js': 'a/index.ts', 'out/b.js': 'b.ts' },
    },
    'out',
  ],
  [
    'one folder with an index',
    { folder: '.', modules: ['a/index.ts'], made: { 'out/index.js': 'a/index.ts' } },
    'out/index.js',
  ],
  [
    'beside it, with JavaScript',
    { folder: 'src', modules: ['src/a.ts', 'src/b.js'], made: { 'src/a.js': 'src/a.ts' } },
    'src',
  ],
])('%s', async (_, given, expected) => {
  const { appDir, request } = await compiled(given);
  expect(await madeSource(request)).toEqual({ path: join(appDir, expected), links: [] });
});

/** Files that are elsewhere and links to them, relative to the app, and what was made of them. */
interface LinkedCase extends Case {
  readonly linked: Readonly<Record<string, string>>;
}

test.each<[string, LinkedCase, string, Readonly<Record<string, string>>]>([
  [
    'sources below a link',
    {
      folder: 'src',
      modules: ['src/a.ts', 'src/b/index.ts'],
      linked: { src: 'shared' },
      made: { 'dist/a.js': 'shared/a.ts', 'dist/b/index.js': 'shared/b/index.ts' },
    },
    'dist',
    {},
  ],
  [
    'links among sources',
    {
      folder: 'src',
      modules: ['src/a/index.ts', 'src/b.ts', 'src/c.ts'],
      linked: { 'src/a': 'shared/a', 'src/b.ts': 'shared/b.ts' },
      made: {
        'dist/shared/a/index.js': 'shared/a/index.ts',
        'dist/shared/b.js': 'shared/b.ts',
        'dist/src/c.js': 'src/c.ts',
      },
    },
    'dist/src',
    { 'dist/src/a/index.js': 'dist/shared/a/index.js', 'dist/src/b.js': 'dist/shared/b.js' },
  ],
])('%s count as the files that they are', async (_, { linked, ...given }, expected, links) => {
  const { appDir, emitted, request } = await compiled(given);
  mkdirSync(join(appDir, 'shared'), { recursive: true });
  for (const [link, target] of Object.entries(linked)) {
    rmSync(join(appDir, target), { recursive: true, force: true });
    renameSync(join(appDir, link), join(appDir, target));
    symlinkSync(join(appDir, target), join(appDir, link));
  }
  const made = await outputsOf(emitted);
  expect(await madeSource({ ...request, made })).toEqual({
    path: join(appDir, expected),
    links: Object.entries(links).map(([path, target]) => ({ path: join(appDir, path), target: join(appDir, target) })),
  });
});

test.each<[string, Case]>([
  [
    'TypeScript that is left out',
    { folder: 'src', modules: ['src/a.ts', 'src/b.ts'], made: { 'dist/a.js': 'src/a.ts' } },
  ],
  [
    'JavaScript that is left out',
    { folder: 'src', modules: ['src/a.ts', 'src/b.js'], made: { 'dist/a.js': 'src/a.ts' } },
  ],
  [
    'plugins that are apart',
    {
      folder: '.',
      modules: ['a/index.ts', 'b/index.ts'],
      made: { 'a/out/index.js': 'a/index.ts', 'b/out/index.js': 'b/index.ts' },
    },
  ],
])('%s', async (_, given) => {
  const { appDir, request } = await compiled(given);
  expect(await failureOf(async () => madeSource(request), { app: appDir })).toMatchSnapshot();
});
