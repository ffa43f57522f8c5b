import { existsSync, readFileSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { putLinks, removeLeftovers } from '../../../../src/buildpack/typescript/output-folder.ts';
import { makeFolder } from '../../../support/workspace.ts';

const files = (paths: readonly string[]) => Object.fromEntries(paths.map((path) => [path, '']));

test('modules of plugins that the compiler has not made now are removed, and nothing else', async () => {
  const kept = ['dist/a.js', 'dist/lib/old.js', 'dist/old.json', 'dist/old.test.js', 'src/a.ts'];
  const gone = ['dist/limit/index.js', 'dist/old.js'];
  const app = makeFolder(files([...kept, ...gone]));
  const written = {
    emitted: [join(app, 'dist/a.js')],
    made: new Map([[join(app, 'src/a.ts'), join(app, 'dist/a.js')]]),
  };
  expect(await removeLeftovers(join(app, 'dist'), written)).toEqual(gone.map((path) => join(app, path)));
  expect([...kept, ...gone].filter((path) => existsSync(join(app, path)))).toEqual(kept);
  expect(await removeLeftovers(join(app, 'dist'), written)).toEqual([]);
});

test.each<[string, readonly string[], string, string]>([
  ['the sources', ['src/a.ts', 'src/a.js', 'src/own.js'], 'src', 'src/a.ts'],
  ['the folder of the sources', ['lib/ts/a.ts', 'lib/a.js', 'lib/own.js'], 'lib', 'lib/ts/a.ts'],
  ['sources that are not compiled', ['src/a.ts', 'lib/a.js', 'lib/b.ts', 'lib/own.js'], 'lib', 'src/a.ts'],
])('nothing is removed from a folder that has %s', async (_, paths, folder, source) => {
  const app = makeFolder(files(paths));
  const output = join(app, folder, 'a.js');
  const written = { emitted: [output], made: new Map([[join(app, source), output]]) };
  expect(await removeLeftovers(join(app, folder), written)).toEqual([]);
  expect(paths.filter((path) => !existsSync(join(app, path)))).toEqual([]);
});

test('links lead to what was made elsewhere, where it is not there by another', async () => {
  const app = makeFolder({ 'dist/shared/a/index.js': 'a', 'dist/shared/b.js': 'b', 'dist/src/c.js': '' });
  symlinkSync('../shared/a', join(app, 'dist/src/a'));
  const links = ['a/index.js', 'b.js', 'd/index.js'].map((path) => ({
    path: join(app, 'dist/src', path),
    target: join(app, 'dist/shared', path.replace('d/', 'a/')),
  }));
  await putLinks(links);
  expect(links.map(({ path }) => readFileSync(path, 'utf8'))).toEqual(['a', 'b', 'a']);
});
