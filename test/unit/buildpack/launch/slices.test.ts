import { expect, test } from 'vitest';
import { sliceApp } from '../../../../src/buildpack/launch/slices.ts';
import { makeFolder } from '../../../support/workspace.ts';

const LARGE = 'x'.repeat(1024 * 1024);

test('manifests and large folders without the module are layers of their own', async () => {
  const app = makeFolder({
    'package.json': '{}',
    'package-lock.json': '{}',
    'src/index.js': LARGE,
    'public/a/b.txt': LARGE,
    'models [v1]/one.bin': LARGE,
    'views/small.html': 'x',
    'notes.txt': LARGE,
  });
  expect(await sliceApp(app, `${app}/src/index.js`)).toEqual([
    ['package-lock.json', 'package.json'],
    [String.raw`models \[v1\]`],
    ['public'],
  ]);
});

test('an app of one file is one layer', async () => {
  const app = makeFolder({ 'index.js': '' });
  expect(await sliceApp(app, `${app}/index.js`)).toEqual([]);
});

test('the eight largest folders alone', async () => {
  const files = Array.from({ length: 9 }, (_, n) => [`f${n}/x`, `${LARGE}${'y'.repeat(n)}`]);
  const app = makeFolder(Object.fromEntries(files));
  expect((await sliceApp(app, `${app}/index.js`)).flat()).toEqual(['f1', 'f2', 'f3', 'f4', 'f5', 'f6', 'f7', 'f8']);
});
