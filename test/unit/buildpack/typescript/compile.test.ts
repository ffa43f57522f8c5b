import { join } from 'node:path';
import { expect, test } from 'vitest';
import { outputsOf } from '../../../../src/buildpack/typescript/compile.ts';
import { json } from '../../../support/shape.ts';
import { makeFolder } from '../../../support/workspace.ts';

test('the JavaScript of a module is known by its source map', async () => {
  const folder = makeFolder({
    'dist/index.js.map': json({ sources: ['../src/index.ts'] }),
    'dist/a/index.mjs.map': json({ sources: ['../../src/a/index.mts'] }),
    'dist/index.d.ts.map': json({ sources: ['../src/index.ts'] }),
  });
  const emitted = ['index.d.ts.map', 'index.js', 'index.js.map', 'a/index.mjs', 'a/index.mjs.map'].map((name) =>
    join(folder, 'dist', name),
  );
  expect(Object.fromEntries(await outputsOf(emitted))).toEqual({
    [join(folder, 'src/index.ts')]: join(folder, 'dist/index.js'),
    [join(folder, 'src/a/index.mts')]: join(folder, 'dist/a/index.mjs'),
  });
});
