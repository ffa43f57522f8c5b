import { cpSync, mkdirSync, readFileSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { execa } from 'execa';
import { expect, test } from 'vitest';
import { artefact, ROOT } from '../../support/artefact.ts';
import { makeFolder } from '../../support/workspace.ts';

const FILES = ['samples/async-testing/index.js', 'samples/async-testing/index.test.js'];

test.each([
  ['async-testing', 4],
  ['plugin', 2],
])('tests as users write them pass against the package: samples/%s', async (sample, count) => {
  artefact('build/framework/testing.js');
  const folder = makeFolder();
  cpSync(join(ROOT, 'samples', sample), folder, { recursive: true });
  mkdirSync(join(folder, 'node_modules/@openfunction'), { recursive: true });
  symlinkSync(ROOT, join(folder, 'node_modules/@openfunction/functions-framework'));
  const { stdout } = await execa('node', ['--test', '--test-reporter=tap'], { cwd: folder });
  expect(stdout).toContain(`# pass ${count}`);
});

test('docs/async-testing.md shows them as they are', () => {
  const text = readFileSync(join(ROOT, 'docs/async-testing.md'), 'utf8');
  const shown = [...text.matchAll(/```\w+\n\/\/ (samples\/\S+)\n([^]*?)```/g)].map(([, path, code]) => [path, code]);
  expect(shown).toEqual(FILES.map((path) => [path, readFileSync(join(ROOT, path), 'utf8')]));
});
