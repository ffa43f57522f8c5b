import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { execa } from 'execa';
import { areSame, withWitness, type Looks } from '../../../../../src/buildpack/managers/witness/witness.ts';
import { ROOT } from '../../../../support/artefact.ts';
import { makeFolder } from '../../../../support/workspace.ts';

/** A buildpack whose program is not bundled. */
const BUILDPACK = {
  'dist/witness/index.js': `import { witness } from ${JSON.stringify(join(ROOT, 'src/buildpack/managers/witness/watch.ts'))};\nwitness(process.env);\n`,
  'package.json': '{"type": "module"}',
};

/** What a script, that a package manager starts or not, looks at. */
async function looksOf(
  projectDir: string,
  script: string,
  env: Record<string, string> = { npm_lifecycle_event: 'install' },
) {
  return withWitness({ buildpackDir: makeFolder(BUILDPACK), projectDir, env: {} }, async (watched) => {
    await execa('node', ['-e', script], { cwd: join(projectDir, 'node_modules'), env: { ...watched, ...env } });
  });
}

const SCRIPT = `const fs = require('fs');
fs.readFileSync('../schema.model');
fs.existsSync('../missing.json');
fs.readdirSync(new URL('file://' + require('path').resolve('../src')));
fs.writeFileSync('../made.js', '');
fs.readFileSync('a/index.js');
fs.statSync('/');
import('node:fs/promises').then(({ readFile }) => readFile('../by-promise.json'));
`;

test('scripts tell what of the project they look at, and nothing else', async () => {
  const files = { 'schema.model': 'User', 'by-promise.json': '{}', 'src/a.js': '', 'node_modules/a/index.js': '' };
  const project = makeFolder(files);
  const looks = await looksOf(project, SCRIPT);
  expect(Object.keys(looks)).toEqual(['by-promise.json', 'made.js', 'missing.json', 'schema.model', 'src/']);
  expect(looks['missing.json']).toBe('none');
  expect(await areSame(project, looks)).toBe(true);
  const changes: readonly [string, string][] = [
    ['schema.model', 'User, Order'],
    ['missing.json', ''],
    ['src/b.js', ''],
  ];
  for (const [path, text] of changes) {
    const other = makeFolder({ ...files, 'made.js': '', [path]: text });
    expect(await areSame(other, looks)).toBe(false);
  }
  // What a script made is not in the source of the next build.
  expect(await areSame(makeFolder(files), looks)).toBe(false);
});

test('what a package manager looks at by itself is in its key', async () => {
  const project = makeFolder({ 'schema.model': '', 'node_modules/a/index.js': '' });
  expect(await looksOf(project, "require('fs').readFileSync('../schema.model')", {})).toEqual({});
});

test('passwords of settings do not count', async () => {
  const project = makeFolder({ '.npmrc': '//r.example/:_password=abc', 'node_modules/a/index.js': '' });
  const looks: Looks = await looksOf(project, "require('fs').readFileSync('../.npmrc')");
  writeFileSync(join(project, '.npmrc'), '//r.example/:_password=xyz1');
  expect(await areSame(project, looks)).toBe(true);
});

test('scripts that look at very much are never the same', async () => {
  const project = makeFolder({ 'node_modules/a/index.js': '' });
  const looks = await looksOf(project, "for (let i = 0; i < 400; i++) require('fs').existsSync('../' + i)");
  expect(await areSame(project, looks)).toBe(false);
});
