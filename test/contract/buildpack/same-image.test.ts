import { rmSync } from 'node:fs';
import { expect, test } from 'vitest';
import { startAcme } from '../../support/acme.ts';
import { bringManager } from '../../support/brought-manager.ts';
import { makeSite } from '../../support/buildpack.ts';
import { imageOf } from '../../support/contents.ts';
import { makeMachines } from '../../support/machine.ts';
import { headers, NATIVE, nativeApp } from '../../support/native.ts';
import { makeDist } from '../../support/node-dist.ts';
import { builtApp, frameworkApp, json, lockFile, monorepo, plainApp } from '../../support/shape.ts';

type Files = Readonly<Record<string, string>>;

/** What is built, and the variables of the build. */
type Shape = readonly [files: Files, env?: Files];

const IN_FN = { FUNC_SRC: 'packages/fn' };
const ALLOWED = { onlyBuiltDependencies: ['@acme/native'] };
const PNPM_WORKSPACE = { 'pnpm-workspace.yaml': 'packages:\n  - packages/*\n' };
const TYPED = {
  'index.ts': `import odd from 'is-odd';\nexport const hello = (req: unknown, res: { end(text: string): void }): void => res.end(String(odd(3)));\n`,
  'package.json': json({ name: 'app', version: '1.0.0', type: 'module', dependencies: { 'is-odd': '3.0.1' } }),
};

/** A native module that each manager compiles. */
const native = (packageManager: string, more: object = {}, files: Files = {}): Shape => [
  { ...nativeApp({ packageManager, ...more }), ...files },
];

const SHAPES: Readonly<Record<string, Shape>> = {
  'one file': [{ 'index.js': 'exports.hello = (req, res) => res.end();\n' }],
  TypeScript: [TYPED],
  'a layer of Node.js': [{ ...plainApp(), '.nvmrc': '22' }],
  npm: [{ ...plainApp(), 'package-lock.json': lockFile('plain.npm') }],
  'npm and the framework': [{ ...frameworkApp(), 'package-lock.json': lockFile('framework.npm') }],
  'npm workspaces': [{ ...monorepo('1.0.0'), 'package-lock.json': lockFile('workspace.npm') }, IN_FN],
  'npm and a build script': [
    { ...builtApp(), 'package-lock.json': lockFile('plain.npm') },
    { BP_NODE_RUN_SCRIPTS: 'build' },
  ],
  'pnpm 8': [{ ...plainApp(), 'pnpm-lock.yaml': lockFile('plain.pnpm-8') }],
  'pnpm 10': [{ ...plainApp(), 'pnpm-lock.yaml': lockFile('plain.pnpm-10') }],
  'pnpm 12': [{ ...plainApp({ packageManager: 'pnpm@12.21.0' }), 'pnpm-lock.yaml': lockFile('plain.pnpm-10') }],
  'pnpm workspace': [
    {
      ...monorepo('workspace:*', { workspaces: undefined }),
      ...PNPM_WORKSPACE,
      'pnpm-lock.yaml': lockFile('workspace.pnpm-10'),
    },
    IN_FN,
  ],
  'Yarn 1': [{ ...plainApp(), 'yarn.lock': lockFile('plain.yarn-1') }],
  'Yarn 1 workspaces': [{ ...monorepo('1.0.0'), 'yarn.lock': lockFile('workspace.yarn-1') }, IN_FN],
  'Yarn 3 workspaces': [{ ...monorepo('workspace:*'), 'yarn.lock': lockFile('workspace.yarn-3') }, IN_FN],
  'Yarn 4': [{ ...plainApp(), 'yarn.lock': lockFile('plain.yarn-4') }],
  bun: [{ ...plainApp(), 'bun.lock': lockFile('plain.bun') }],
  'bun workspaces': [{ ...monorepo('workspace:*'), 'bun.lock': lockFile('workspace.bun') }, IN_FN],
  'npm and a native module': native('npm@11.19.1'),
  'pnpm 8 and a native module': native('pnpm@8.15.9'),
  'pnpm 10 and a native module': native('pnpm@10.34.8', { pnpm: ALLOWED }),
  // Not Yarn 1: it fetches node-gyp and gives its files the moved time, and make, which goes by the kernel's, never ends.
  'Yarn 3 and a native module': native('yarn@3.8.7'),
  'Yarn 4 and a native module': native('yarn@4.18.1', {}, { '.yarnrc.yml': 'enableScripts: true\n' }),
  'bun and a native module': native('bun@1.4.5', { trustedDependencies: ['@acme/native'] }),
};

const TIMEOUT_MS = 180_000;

test.each(Object.entries(SHAPES))(
  '%s: another machine on another day makes the same image',
  async (_, [files, env]) => {
    const acme = await startAcme([NATIVE]);
    const variables = {
      ...acme.env,
      BP_NODE_DIST_URL: `file://${makeDist('22.99.0')}`,
      npm_config_nodedir: headers(),
      ...env,
    };
    const images: (readonly string[])[] = [];
    for (const machine of await makeMachines()) {
      const site = makeSite(files, machine);
      await bringManager(site);
      const { exitCode, output } = await site.build(variables, acme.bindings);
      expect([exitCode, output]).toEqual([0, expect.stringContaining('Function "hello": boots')]);
      images.push(await imageOf(site));
    }
    const [one = [], other = []] = images;
    const only = (image: readonly string[], than: readonly string[]) => image.filter((line) => !than.includes(line));
    expect({ one: only(one, other), other: only(other, one) }).toEqual({ one: [], other: [] });
  },
  TIMEOUT_MS,
);

test('an app with much code and garbage: what V8 compiles is the same in every process', async () => {
  const functions = Array.from(
    { length: 200 },
    (_, n) => `exports.f${n} = (a) => [a, 'text ${n}', exports.f${n}.name];`,
  );
  const garbage = 'let garbage = Array.from({ length: 50_000 }, (_, i) => exports.f0({ i }));\ngarbage = undefined;\n';
  const names = Array.from({ length: 100 }, (_, index) => `m${index}.js`);
  const site = makeSite({
    ...Object.fromEntries(names.map((name) => [name, `// ${name}\n${functions.join('\n')}\n${garbage}`])),
    'index.js': `${names.map((name) => `require('./${name}');`).join('\n')}\nexports.hello = (req, res) => res.end();\n`,
  });
  const images: (readonly string[])[] = [];
  for (let round = 0; round < 3; round += 1) {
    expect((await site.build({ FUNC_NAME: 'hello' })).exitCode).toBe(0);
    images.push(await imageOf(site));
    rmSync(site.layers, { recursive: true });
  }
  expect(images[1]).toEqual(images[0]);
  expect(images[2]).toEqual(images[0]);
});
