import { expect, test } from 'vitest';
import { readPackageJson } from '../../../../src/buildpack/project/package-json.ts';
import { failureOf } from '../../../support/failure.ts';
import { makeFolder } from '../../../support/workspace.ts';

test('an app without package.json has none', async () => {
  expect(await readPackageJson(makeFolder())).toBeUndefined();
});

test('reads what the build needs, also after a byte order mark', async () => {
  const text = JSON.stringify({
    name: 'app',
    engines: { node: '>=22' },
    dependencies: { a: '1' },
    optionalDependencies: { b: '2' },
    devDependencies: { c: '3' },
    scripts: { test: 'x' },
    openfunction: { name: 'hello' },
  });
  expect(await readPackageJson(makeFolder({ 'package.json': `\uFEFF${text}` }))).toMatchObject({
    name: 'app',
    nodeRange: '>=22',
    dependencies: { a: '1', b: '2' },
    scripts: { test: 'x' },
    openfunction: { name: 'hello' },
  });
});

test.each([
  ['not JSON', '{"name": }'],
  ['an array', '[]'],
  ['null', 'null'],
  ['dependencies that are a list', '{"dependencies": ["a"]}'],
  ['a range that is a number', '{"dependencies": {"a": 1}}'],
  ['a version of Node.js that is a number', '{"engines": {"node": 22}}'],
])('%s is a coded error that names the file', async (_, text) => {
  const app = makeFolder({ 'package.json': text });
  expect(await failureOf(() => readPackageJson(app), { app })).toMatchSnapshot();
});

test('a package.json that is a folder is a coded error with its path', async () => {
  const app = makeFolder({ 'package.json/x': '' });
  expect(await failureOf(() => readPackageJson(app), { app })).toMatchInlineSnapshot(`
    "ERROR [OFN-PACKAGE-JSON] Couldn't read <app>/package.json: it is a folder.

    Make <app>/package.json a file that the build may read, or remove it."
  `);
});
