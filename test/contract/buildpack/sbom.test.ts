import { existsSync, globSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { SBOM_FORMATS, sbomPath, type SbomFormat, type SbomSubject } from '../../../src/libcnb/sbom.ts';
import { makeSite, type Site } from '../../support/buildpack.ts';
import { faultsOf } from '../../support/sbom-schema.ts';
import { json, lockFile, monorepo, NPM_CACHE, plainApp } from '../../support/shape.ts';

const FORMATS = Object.keys(SBOM_FORMATS) as SbomFormat[];
const HELLO = { FUNC_NAME: 'hello', npm_config_cache: NPM_CACHE };
const FRAMEWORK = { '@openfunction/functions-framework': '^1.0.0' };
const IN_FN = { FUNC_SRC: 'packages/fn' };

interface Component {
  readonly purl: string;
  readonly scope: string;
  readonly hashes?: readonly { readonly alg: string; readonly content: string }[];
  readonly licenses?: unknown;
  readonly properties?: unknown;
}

const textOf = (site: Site, subject: SbomSubject, format: SbomFormat): string =>
  readFileSync(sbomPath(site.layers, subject, format), 'utf8');

function componentsOf(site: Site, subject: SbomSubject): readonly Component[] {
  return JSON.parse(textOf(site, subject, 'cyclonedx')).components;
}

/** All bills of a site, by the names of their files. */
function billsOf({ layers }: Site): Record<string, string> {
  const names = globSync('*.sbom.*', { cwd: layers }).toSorted();
  return Object.fromEntries(names.map((name) => [name, readFileSync(join(layers, name), 'utf8')]));
}

/** The packages that the layer has, found by the folders of its files. */
function installedIn({ layers }: Site): string[] {
  const found = globSync(['node_modules/**/package.json', 'node_modules/.{pnpm,bun}/**/package.json'], {
    cwd: join(layers, 'modules'),
  });
  const packages = found.filter((path) => /(?:^|\/)node_modules\/(?:@[^/]+\/)?[^/@.][^/]*\/package\.json$/.test(path));
  const manifests = packages.map((path) => JSON.parse(readFileSync(join(layers, 'modules', path), 'utf8')));
  const purls = manifests.map(({ name, version }) => `pkg:npm/${name}@${version}`);
  return [...new Set(purls)].filter((purl) => !purl.includes('functions-framework')).toSorted();
}

interface Shape {
  readonly files: Readonly<Record<string, string>>;
  readonly env?: Readonly<Record<string, string>>;
  /** Whether the lock file has checksums of the registry's archives. */
  readonly hashed: boolean;
}

const SHAPES: Readonly<Record<string, Shape>> = {
  npm: { files: { ...plainApp(), 'package-lock.json': lockFile('plain.npm') }, hashed: true },
  'pnpm 10': { files: { ...plainApp(), 'pnpm-lock.yaml': lockFile('plain.pnpm-10') }, hashed: true },
  'pnpm 8': { files: { ...plainApp(), 'pnpm-lock.yaml': lockFile('plain.pnpm-8') }, hashed: true },
  'Yarn 1': { files: { ...plainApp(), 'yarn.lock': lockFile('plain.yarn-1') }, hashed: true },
  'Yarn 3': { files: { ...plainApp(), 'yarn.lock': lockFile('plain.yarn-3') }, hashed: false },
  'Yarn 4': { files: { ...plainApp(), 'yarn.lock': lockFile('plain.yarn-4') }, hashed: false },
  bun: { files: { ...plainApp(), 'bun.lock': lockFile('plain.bun') }, hashed: true },
};

test.each(Object.entries(SHAPES))(
  '%s: bills have what is installed, and what only the build knows',
  async (_, shape) => {
    const site = makeSite(shape.files);
    expect(await site.build(HELLO)).toMatchObject({ exitCode: 0 });
    const modules = componentsOf(site, { layer: 'modules' });
    expect(modules.map(({ purl }) => purl)).toEqual(installedIn(site));
    expect(modules.map(({ purl }) => purl)).toEqual(['pkg:npm/is-number@6.0.0', 'pkg:npm/is-odd@3.0.1']);
    for (const { scope, hashes = [], licenses } of modules) {
      expect(scope).toBe('required');
      expect(licenses).toEqual([{ license: { id: 'MIT', acknowledgement: 'declared' } }]);
      expect(hashes.map(({ alg, content }) => `${alg} ${content.length}`)).toEqual(shape.hashed ? ['SHA-512 128'] : []);
    }
    expect(componentsOf(site, 'build')).toMatchObject([
      {
        purl: 'pkg:npm/mkdirp@3.0.1',
        scope: 'excluded',
        properties: [{ name: 'cdx:npm:package:development', value: 'true' }],
      },
    ]);
    expect(componentsOf(site, 'launch')).toEqual([]);
    const first = billsOf(site);
    expect(Object.keys(first)).toHaveLength(FORMATS.length * 4);
    for (const subject of ['launch', 'build', { layer: 'modules' }, { layer: 'framework' }] as const) {
      for (const format of FORMATS) expect(faultsOf(format, JSON.parse(textOf(site, subject, format)))).toEqual([]);
    }

    const elsewhere = makeSite(shape.files);
    await elsewhere.build(HELLO);
    expect(billsOf(elsewhere)).toEqual(first);

    // What the lifecycle brings back of a layer that it does not: its metadata and its bills.
    site.forgetContents();
    for (const [path, text] of Object.entries(shape.files)) writeFileSync(join(site.app, path), text);
    for (const name of Object.keys(first).filter((one) => /^(?:launch|build)\./.test(one)))
      rmSync(join(site.layers, name));
    const { output } = await site.build(HELLO);
    expect(output).toContain('Dependencies: reused');
    expect(billsOf(site)).toEqual(first);
  },
);

test.each<[string, Readonly<Record<string, string>>]>([
  ['no package.json', {}],
  [
    'nothing but the framework among its dependencies',
    { 'package.json': json({ name: 'app', dependencies: FRAMEWORK }) },
  ],
])('an app with %s has the same bills where the framework is taken over', async (_, more) => {
  const site = makeSite({ 'index.js': 'exports.hello = (req, res) => res.end();', ...more });
  await site.build(HELLO);
  const first = billsOf(site);
  site.forgetContents();
  rmSync(join(site.app, 'node_modules'));
  const { exitCode, output } = await site.build(HELLO);
  expect([exitCode, output]).toEqual([0, expect.stringMatching(/Functions framework .*: reused/)]);
  expect(billsOf(site)).toEqual(first);
});

test('workspaces and packages that they have for themselves are of the app, what is fetched is of the layer', async () => {
  const site = makeSite({ ...monorepo('1.0.0'), 'package-lock.json': lockFile('workspace.npm') });
  expect(await site.build({ ...HELLO, ...IN_FN })).toMatchObject({ exitCode: 0 });
  const ofLayer = componentsOf(site, { layer: 'modules' }).map(({ purl }) => purl);
  expect(ofLayer).toEqual(installedIn(site));
  expect(componentsOf(site, 'launch').map(({ purl }) => purl)).toEqual([
    'pkg:npm/%40me/fn@1.0.0',
    'pkg:npm/%40me/text@1.0.0',
  ]);
  expect(componentsOf(site, 'build').map(({ purl }) => purl)).toEqual(['pkg:npm/mkdirp@3.0.1']);
});

test('dependencies that the app brings along are of the app', async () => {
  const site = makeSite({
    'package.json': json({ name: 'app', version: '1.0.0', dependencies: { a: '1.0.0' } }),
    'index.js': "require('a'); exports.hello = () => {};",
    'node_modules/a/package.json': json({ name: 'a', version: '1.0.0', license: 'MIT', dependencies: { b: '1' } }),
    'node_modules/a/index.js': '',
    'node_modules/a/node_modules/b/package.json': json({ name: 'b', version: '1.2.3' }),
  });
  expect(await site.build({ ...HELLO, BP_VENDORED_MODULES: 'on' })).toMatchObject({ exitCode: 0 });
  expect(componentsOf(site, 'launch').map(({ purl }) => purl)).toEqual(['pkg:npm/a@1.0.0', 'pkg:npm/b@1.2.3']);
  expect(existsSync(sbomPath(site.layers, { layer: 'modules' }, 'spdx'))).toBe(false);
});

test('without a lock file, and with packages in packages, a bill has what came', async () => {
  const site = makeSite(plainApp());
  expect(await site.build(HELLO)).toMatchObject({ exitCode: 0 });
  expect(componentsOf(site, { layer: 'modules' }).map(({ purl }) => purl)).toEqual(installedIn(site));
  expect(componentsOf(site, 'build')).toEqual([]);
});

test('bills can be left out; when they are wanted again and the previous image has none, dependencies are installed', async () => {
  const files = { ...plainApp(), 'package-lock.json': lockFile('plain.npm') };
  const site = makeSite(files);
  await site.build(HELLO);
  const bills = billsOf(site);
  site.forgetContents();
  const { output } = await site.build({ ...HELLO, BP_DISABLE_SBOM: 'true' });
  expect(output).toContain('Dependencies: reused');
  expect(billsOf(site)).toEqual({});
  site.forgetContents();
  const { output: again } = await site.build(HELLO);
  expect(again).toContain('Dependencies: installing, because the previous image has no bill of materials of them');
  expect(billsOf(site)).toEqual(bills);
});

test('Node.js in a layer has a bill of its own, also where the layer is taken over', async () => {
  const site = makeSite({ 'index.js': 'exports.hello = () => {};' });
  const env = { ...HELLO, BP_NODE_VERSION: '22.20.0' };
  expect(await site.build(env)).toMatchObject({ exitCode: 0 });
  const bills = billsOf(site);
  expect(componentsOf(site, { layer: 'node' })).toMatchObject([
    { purl: 'pkg:generic/node@22.20.0', cpe: 'cpe:2.3:a:nodejs:node.js:22.20.0:*:*:*:*:*:*:*' },
  ]);
  for (const format of FORMATS) {
    expect(faultsOf(format, JSON.parse(textOf(site, { layer: 'node' }, format)))).toEqual([]);
  }
  site.forgetContents();
  expect((await site.build(env)).output).toContain('layer reused');
  expect(billsOf(site)).toEqual(bills);
});
