import { builtApp, frameworkApp, json, lockFile, monorepo, nested, plainApp, type Shape } from './shape.ts';

/** A project of a package manager. */
interface ManagerShape extends Shape {
  readonly files: Readonly<Record<string, string>>;
  /** Files that its build scripts make. */
  readonly made?: readonly string[];
}

/** SHA-512 of the tarball of pnpm 10.34.8. */
const PNPM_HASH =
  'f627a8e971343afe49dfd0f63d028234201dfa831d5cb588733e1e5f8db26bf16989a32161ab5c1b4db3b1fdbc373160606b5b89e002df6dd19a85adf91fc5a8';
/** SHA-224 of bin/yarn.js of Yarn 4.18.1, as Corepack writes it. */
const YARN_HASH = '065c7650cf11cb01e21cefe2398a1c8a70a13bd04136056722763046';
/** A script that prepares a working copy, with a program that is not there in production. */
const HUSKY = { scripts: { prepare: 'husky', prepublish: 'husky' } };
const IN_FN = { FUNC_SRC: 'packages/fn' };

/** A patch of is-odd that is content with an overridden dependency alone. */
const OVERRIDDEN = `diff --git a/index.js b/index.js
--- a/index.js
+++ b/index.js
@@ -20,5 +20,5 @@ module.exports = function isOdd(value) {
   if (!Number.isSafeInteger(n)) {
     throw new Error('value exceeds maximum safe integer');
   }
-  return (n % 2) === 1;
+  return require('is-number/package.json').version === '7.0.0';
 };
`;

/** Projects of each package manager; all of them answer ANSWER. */
export const MANAGER_SHAPES: Readonly<Record<string, ManagerShape>> = {
  'npm with a lock file': {
    files: { ...plainApp(HUSKY), 'package-lock.json': lockFile('plain.npm') },
    prints: ['npm ci --omit=dev'],
  },
  'npm without a lock file': { files: plainApp(), prints: ['npm install', 'There is no lock file'] },
  'npm and the framework in the lock file': {
    files: { ...frameworkApp(), 'package-lock.json': lockFile('framework.npm') },
    prints: ['npm ci'],
  },
  'npm and the framework without a lock file': { files: frameworkApp(), prints: ['npm install'] },
  'npm workspaces': {
    files: { ...monorepo('1.0.0'), 'package-lock.json': lockFile('workspace.npm') },
    env: IN_FN,
    prints: ['npm ci'],
  },
  'npm of a version of its own, and a script that prepares a working copy': {
    files: {
      ...plainApp({ packageManager: 'npm@11.0.0', scripts: { prepare: 'husky' } }),
      'package-lock.json': lockFile('plain.npm'),
    },
    prints: ['Package manager: npm@11.0.0, from the registry (packageManager)'],
  },
  'npm of another version by engines': {
    files: { ...plainApp({ engines: { npm: '11.0.0' } }), 'package-lock.json': lockFile('plain.npm') },
    prints: ['Package manager: npm@11.0.0, from the registry (package-lock.json)'],
  },
  'npm by engines that the one of the builder meets': {
    files: { ...plainApp({ engines: { npm: '>=10' } }), 'package-lock.json': lockFile('plain.npm') },
    prints: ['npm ci --omit=dev'],
  },
  'pnpm by devEngines': {
    files: {
      ...plainApp({ devEngines: { packageManager: { name: 'pnpm', version: '^10.0.0' } } }),
      'pnpm-lock.yaml': lockFile('plain.pnpm-10'),
    },
    prints: ['Package manager: pnpm@10.34.8, from the registry (devEngines)'],
  },
  'pnpm with a lock file': {
    files: { ...plainApp(HUSKY), 'pnpm-lock.yaml': lockFile('plain.pnpm-10') },
    prints: ['Package manager: pnpm@10.34.8, from the registry (pnpm-lock.yaml)', 'pnpm install --frozen-lockfile'],
  },
  'pnpm with a lock file of version 6 and the framework in it': {
    files: { ...frameworkApp(), 'pnpm-lock.yaml': lockFile('framework.pnpm-8') },
    prints: ['Package manager: pnpm@8.15.9'],
  },
  'pnpm with its hash, and the framework in the lock file': {
    files: {
      ...frameworkApp({ packageManager: `pnpm@10.34.8+sha512.${PNPM_HASH}` }),
      'pnpm-lock.yaml': lockFile('framework.pnpm-10'),
    },
    prints: ['Package manager: pnpm@10.34.8, from the registry (packageManager)'],
  },
  'pnpm 12, which is a binary, without a lock file': {
    files: frameworkApp({ packageManager: 'pnpm@12.21.0' }),
    prints: ['Package manager: pnpm@12.21.0', 'There is no lock file'],
  },
  'pnpm 11 by engines': {
    files: { ...plainApp({ engines: { pnpm: '11.28.10' } }), 'pnpm-lock.yaml': lockFile('plain.pnpm-10') },
    prints: ['Package manager: pnpm@11.28.10'],
  },
  'pnpm workspace': {
    files: {
      ...monorepo('workspace:*', { workspaces: undefined }),
      'pnpm-workspace.yaml': 'packages:\n  - packages/*\n',
      'pnpm-lock.yaml': lockFile('workspace.pnpm-10'),
    },
    env: IN_FN,
    prints: ['pnpm install --frozen-lockfile'],
  },
  'pnpm with a catalog, an override and a patch': {
    files: {
      ...plainApp({ packageManager: 'pnpm@10.34.8', dependencies: { 'is-odd': 'catalog:' } }),
      'pnpm-workspace.yaml':
        'catalog:\n  is-odd: 3.0.1\noverrides:\n  is-number: 7.0.0\npatchedDependencies:\n  is-odd@3.0.1: is-odd.patch\n',
      'is-odd.patch': OVERRIDDEN,
    },
    prints: ['after every change, because pnpm-workspace.yaml patches dependencies'],
  },
  'Yarn 1 with a lock file': {
    files: { ...plainApp({ license: 'MIT', ...HUSKY }), 'yarn.lock': lockFile('plain.yarn-1') },
    prints: ['Package manager: yarn@1.22.22, from the registry (yarn.lock)', 'yarn install --frozen-lockfile'],
  },
  'Yarn 1 and the framework in the lock file': {
    files: { ...frameworkApp(), 'yarn.lock': lockFile('framework.yarn-1') },
    prints: ['yarn install --frozen-lockfile'],
  },
  'Yarn 1 workspaces without a lock file': {
    files: monorepo('1.0.0', { packageManager: 'yarn@1.22.22' }),
    env: IN_FN,
    prints: ['There is no lock file'],
  },
  'Yarn 2 with PnP': {
    files: { ...plainApp({ packageManager: 'yarn@2.4.3' }), 'yarn.lock': lockFile('plain.yarn-2') },
    prints: ['Package manager: yarn@2.4.3, from the registry (packageManager)'],
  },
  'a lock file of Yarn 2': {
    files: { ...plainApp(), 'yarn.lock': lockFile('plain.yarn-2') },
    prints: ['Package manager: yarn@3.8.7, from the registry (yarn.lock)'],
  },
  'Yarn 4 with PnP': {
    files: { ...plainApp(HUSKY), 'yarn.lock': lockFile('plain.yarn-4') },
    prints: ['Package manager: yarn@4.18.1, from the registry (yarn.lock)'],
  },
  'Yarn 4 with node_modules and the framework in the lock file': {
    files: {
      ...frameworkApp({ packageManager: `yarn@4.18.1+sha224.${YARN_HASH}` }),
      'yarn.lock': lockFile('framework.yarn-4'),
      '.yarnrc.yml': 'nodeLinker: node-modules\n',
    },
    prints: ['Package manager: yarn@4.18.1, from the registry (packageManager)'],
  },
  'Yarn 3 workspaces': {
    files: { ...monorepo('workspace:*'), 'yarn.lock': lockFile('workspace.yarn-3') },
    env: IN_FN,
    prints: ['Package manager: yarn@3.8.7'],
  },
  'Yarn 4 without a lock file': {
    files: frameworkApp({ packageManager: 'yarn@4.18.1' }),
    prints: ['There is no lock file'],
  },
  'bun with a lock file': {
    files: { ...plainApp(HUSKY), 'bun.lock': lockFile('plain.bun') },
    prints: ['Package manager: bun@1.4.5, from the registry (bun.lock)', 'bun install --frozen-lockfile'],
  },
  'bun and the framework in the lock file': {
    files: { ...frameworkApp(), 'bun.lock': lockFile('framework.bun') },
    prints: ['bun install --production'],
  },
  'bun workspaces': {
    files: { ...monorepo('workspace:*'), 'bun.lock': lockFile('workspace.bun') },
    env: IN_FN,
    prints: ['bun install --frozen-lockfile'],
  },
  'npm in a folder of the repository, by its source': {
    files: nested('fn', { ...plainApp(), 'package-lock.json': lockFile('plain.npm') }),
    env: { FUNC_SRC: 'fn' },
    prints: ['npm ci --omit=dev'],
  },
  'pnpm in a folder of a repository that has a package.json of its own': {
    files: {
      ...nested('fn', { ...plainApp(), 'pnpm-lock.yaml': lockFile('plain.pnpm-10') }),
      'package.json': json({ name: 'tools', devDependencies: { prettier: '3.0.0' } }),
    },
    env: { FUNC_SRC: 'fn/index.js' },
    prints: ['pnpm install --frozen-lockfile'],
  },
  'Yarn 4 in a folder that a variable names': {
    files: nested('fn', { ...plainApp(), 'yarn.lock': lockFile('plain.yarn-4') }),
    env: { BP_NODE_PROJECT_PATH: 'fn' },
    prints: ['Package manager: yarn@4.18.1'],
  },
  'a build script in a folder, where the settings are too': {
    files: {
      ...nested('fn', { ...builtApp(), 'package-lock.json': lockFile('plain.npm') }),
      'fn/func.toml': '[openfunction]\nname = "hello"\nscripts = ["build"]\nsource = "dist/function.js"\n',
      'fn/shared/text.js': 'module.exports = (value) => value;\n',
    },
    env: { BP_NODE_PROJECT_PATH: 'fn' },
    prints: ['Build scripts: build (from "scripts" in fn/func.toml)'],
    made: ['fn/dist/function.js'],
  },
  'npm with a build script': {
    files: { ...builtApp(), 'package-lock.json': lockFile('plain.npm') },
    env: { BP_NODE_RUN_SCRIPTS: 'build' },
    prints: ['Build scripts: build (from BP_NODE_RUN_SCRIPTS)', 'npm run build'],
    made: ['dist/function.js'],
  },
  'pnpm with a build script that calls pnpm': {
    files: {
      ...builtApp({ packageManager: 'pnpm@11.28.10', openfunction: { name: 'hello', scripts: 'ci' } }),
      'pnpm-lock.yaml': lockFile('plain.pnpm-10'),
    },
    prints: ['Build scripts: ci (from "scripts" in package.json)', 'pnpm run ci'],
    made: ['dist/function.js'],
  },
  'Yarn 1 with a build script': {
    files: { ...builtApp(), 'yarn.lock': lockFile('plain.yarn-1') },
    env: { BP_NODE_RUN_SCRIPTS: 'build' },
    prints: ['yarn run build'],
    made: ['dist/function.js'],
  },
  'Yarn 4 with a build script that calls Yarn': {
    files: { ...builtApp({ packageManager: 'yarn@4.18.1' }), 'yarn.lock': lockFile('plain.yarn-4') },
    env: { BP_NODE_RUN_SCRIPTS: 'ci' },
    prints: ['yarn run ci'],
    made: ['dist/function.js'],
  },
  'bun with a build script': {
    files: { ...builtApp({ packageManager: 'bun@1.4.5' }), 'bun.lock': lockFile('plain.bun') },
    env: { BP_NODE_RUN_SCRIPTS: 'ci' },
    prints: ['bun run ci'],
    made: ['dist/function.js'],
  },
};
