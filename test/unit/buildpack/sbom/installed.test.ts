import { mkdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { installedBill } from '../../../../src/buildpack/sbom/app-bills.ts';
import { readInstalled } from '../../../../src/buildpack/sbom/installed.ts';
import { json } from '../../../support/shape.ts';
import { makeFolder } from '../../../support/workspace.ts';

const all = (): boolean => true;
const manifest = (name: string, version: string, dependencies: object = {}) => json({ name, version, dependencies });

test('packages in packages, with scopes, aliases, old licences and without a name', async () => {
  const app = makeFolder({
    'package.json': json({ name: 'app', version: '1.0.0', license: 'ISC', dependencies: { a: '1', '@s/b': '1' } }),
    'node_modules/.package-lock.json': '{}',
    'node_modules/.bin/a': '',
    'node_modules/a/package.json': json({
      name: 'a',
      version: '1.0.0',
      license: { type: 'MIT' },
      dependencies: { c: '1' },
    }),
    'node_modules/a/node_modules/c/package.json': json({
      name: 'c',
      version: '2.0.0',
      licenses: [{ type: 'MIT' }, { type: 'ISC' }],
    }),
    'node_modules/a/dist/esm/package.json': '{"type": "module"}',
    'node_modules/@s/b/package.json': json({
      name: 'real',
      version: '1.0.0',
      optionalDependencies: { c: '1', gone: '1' },
    }),
    'node_modules/c/package.json': json({ version: '1.0.0', license: '' }),
    'node_modules/broken/package.json': '{',
    'node_modules/none/index.js': '',
  });
  const { subject, components } = installedBill(await readInstalled(app, true), undefined, all);
  expect(subject).toEqual({
    name: 'app',
    version: '1.0.0',
    license: 'ISC',
    dependsOn: ['pkg:npm/a@1.0.0', 'pkg:npm/real@1.0.0'],
  });
  expect(components.map(({ purl, license, places, dependsOn }) => ({ purl, license, places, dependsOn }))).toEqual([
    { purl: 'pkg:npm/a@1.0.0', license: 'MIT', places: ['node_modules/a'], dependsOn: ['pkg:npm/c@2.0.0'] },
    { purl: 'pkg:npm/c@1.0.0', license: undefined, places: ['node_modules/c'], dependsOn: [] },
    { purl: 'pkg:npm/c@2.0.0', license: '(MIT OR ISC)', places: ['node_modules/a/node_modules/c'], dependsOn: [] },
    { purl: 'pkg:npm/real@1.0.0', license: undefined, places: ['node_modules/@s/b'], dependsOn: ['pkg:npm/c@1.0.0'] },
  ]);
});

test('packages beside each other with links, in a layer; links out of the app are none of its', async () => {
  const app = makeFolder({
    'package.json': manifest('app', '1.0.0', { a: '1', framework: '1', member: '1' }),
    'packages/member/package.json': manifest('member', '1.0.0', { b: '1' }),
    'packages/member/node_modules/own/package.json': manifest('own', '1.0.0'),
    'fixtures/unrelated/package.json': manifest('unrelated', '1.0.0'),
  });
  const layer = makeFolder({
    'node_modules/.pnpm/a@1.0.0/node_modules/a/package.json': manifest('a', '1.0.0', { b: '1', framework: '1' }),
    'node_modules/.pnpm/b@1.0.0/node_modules/b/package.json': manifest('b', '1.0.0'),
  });
  const modules = join(layer, 'node_modules');
  symlinkSync(modules, join(app, 'node_modules'));
  symlinkSync('.pnpm/a@1.0.0/node_modules/a', join(modules, 'a'));
  symlinkSync('../../b@1.0.0/node_modules/b', join(modules, '.pnpm/a@1.0.0/node_modules/b'));
  symlinkSync(join(app, 'packages/member'), join(modules, 'member'));
  symlinkSync('../../../node_modules/.pnpm/b@1.0.0/node_modules/b', join(app, 'packages/member/node_modules/b'));
  symlinkSync(makeFolder({ 'package.json': manifest('framework', '1.0.0') }), join(modules, 'framework'));
  const installed = await readInstalled(app, true);
  const isOfLayer = (folder: string): boolean => folder.startsWith('node_modules/');
  const { subject, components } = installedBill(installed, undefined, isOfLayer);
  expect(subject.dependsOn).toEqual(['pkg:npm/a@1.0.0', 'pkg:npm/b@1.0.0']);
  expect(components.map(({ purl, dependsOn }) => [purl, dependsOn])).toEqual([
    ['pkg:npm/a@1.0.0', ['pkg:npm/b@1.0.0']],
    ['pkg:npm/b@1.0.0', []],
  ]);
  const ofApp = installedBill(installed, undefined, (folder) => !isOfLayer(folder));
  expect(ofApp.components.map(({ purl }) => purl)).toEqual(['pkg:npm/member@1.0.0', 'pkg:npm/own@1.0.0']);
});

test('nothing is installed where the layer is not on disk, or there is no package.json', async () => {
  const app = makeFolder({ 'index.js': '' });
  symlinkSync('/nowhere', join(app, 'node_modules'));
  const { subject, components } = installedBill(await readInstalled(app, true), undefined, all);
  expect({ subject, components }).toEqual({
    subject: { name: 'app', version: undefined, license: undefined, dependsOn: [] },
    components: [],
  });
  const vendored = makeFolder({ 'node_modules/a/package.json': manifest('a', '1.0.0') });
  mkdirSync(join(vendored, 'node_modules/empty'));
  expect([...(await readInstalled(vendored, false)).packages.keys()]).toEqual(['node_modules/a']);
  const framework = makeFolder({ 'framework/package.json': manifest('framework', '1.0.0') });
  const bare = makeFolder({ 'index.js': '' });
  symlinkSync(framework, join(bare, 'node_modules'));
  expect([...(await readInstalled(bare, false)).packages.keys()]).toEqual([]);
});
