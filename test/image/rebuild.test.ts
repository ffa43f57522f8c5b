import { copyFileSync, cpSync, mkdirSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { execa } from 'execa';
import { expect, test } from 'vitest';
import { CACHE, ROOT } from '../../scripts/cache.ts';
import { imageFolder } from '../../scripts/store.ts';
import { findHome } from '../../src/cli/home.ts';
import { buildCache } from '../../src/cli/workplace.ts';
import {
  buildImage,
  changeSource,
  checkOutAgain,
  copyOfSample,
  digestIn,
  layersOf,
  ofn,
  packBuild,
  removeVolumes,
  variables,
  WAYS,
  type OfnResult,
  type Way,
} from '../support/image.ts';
import { nativePackage } from '../support/native-package.ts';
import { idOf } from '../support/run-image.ts';
import { builtApp, COMPILED, lockFile, monorepo } from '../support/shape.ts';
import { makeFolder } from '../support/workspace.ts';

const IMAGE = 'ofn-test-rebuild';

/** Removes what the lifecycle cached, as where no volume is kept between builds. */
async function dropCaches(way: Way): Promise<void> {
  if (way === 'docker') return removeVolumes(IMAGE);
  rmSync(buildCache(IMAGE, findHome({ OFN_CACHE_DIR: CACHE })), { recursive: true, force: true });
}

/** Builds as an unprivileged user with a store and a umask of their own, and gives the digest. */
async function buildAsUser(source: string): Promise<string | undefined> {
  const home = makeFolder();
  for (const name of ['openfunction/builder-node', 'openfunction/run-node:24']) {
    cpSync(realpathSync(imageFolder(name)), imageFolder(name).replace(CACHE, home), { recursive: true });
  }
  // Nobody may look into root's home, where this repository can be.
  cpSync(join(ROOT, 'dist/cli'), join(home, 'cli'), { recursive: true });
  copyFileSync(process.execPath, join(home, 'node'));
  const args = ['build', source, '--image', 'ofn-test-user', '--engine', 'none'];
  await execa('chown', ['--recursive', '65534:65534', home, join(source, '../..')]);
  const as = ['--reuid', '65534', '--regid', '65534', '--clear-groups', 'sh', '-c', 'umask 077; exec "$@"', 'sh'];
  const env = { OFN_CACHE_DIR: home, HOME: home };
  const { all } = await execa('setpriv', [...as, join(home, 'node'), join(home, 'cli/index.js'), ...args], {
    env,
    all: true,
    cwd: '/',
  });
  return digestIn(all);
}

test('without a daemon the same source gives the same digest, wherever and whenever it is built', async () => {
  const source = copyOfSample('disk-usage');
  const first = await buildImage('none', source, 'ofn-test-same:1', '--clear-cache');
  const second = await buildImage('none', checkOutAgain(source), 'ofn-test-same:2', '--clear-cache');
  expect(first.digest).toBeDefined();
  expect(second.digest).toBe(first.digest);
});

test('without a daemon another user, who is not root, gets the same digest', async () => {
  const source = copyOfSample('disk-usage');
  const asRoot = await buildImage('none', source, 'ofn-test-user', '--clear-cache');
  const asUser = await buildAsUser(checkOutAgain(source));
  expect(asUser).toBe(asRoot.digest);
});

test('with pack the same source gives the same layers', async () => {
  const source = copyOfSample('disk-usage');
  await buildImage('docker', source, 'ofn-test-same:1', '--clear-cache');
  await buildImage('docker', checkOutAgain(source), 'ofn-test-same:2', '--clear-cache');
  expect(await layersOf('docker', 'ofn-test-same:2')).toEqual(await layersOf('docker', 'ofn-test-same:1'));
});

/** The steps of an export that made something anew, the lifecycle's own cache not counted. */
const added = (output: string): string[] =>
  output
    .split('\n')
    .filter((line) => /Adding layer|Added \d+\/\d+ app/.test(line))
    .map((line) => line.trim());

/** Builds again where there is no network at all. */
async function buildCutOff(way: Way, source: string, image: string, ...args: string[]): Promise<string> {
  const pack = ['--builder', 'openfunction/builder-node', '--network', 'none', ...args];
  if (way === 'docker') return packBuild(source, image, ...pack);
  // The loopback interface alone, as a container without a network has it.
  const before = ['unshare', '--net', 'sh', '-c', 'ip link set lo up && exec "$@"', 'sh'];
  const { exitCode, output } = await ofn(['build', source, '--image', image, '--engine', way, ...args], before);
  if (exitCode !== 0) throw new Error(output);
  return output;
}

test.each(WAYS)(
  'with engine "%s", no cache and no network, a changed line makes its slice of the app and the compiled code of it alone anew',
  async (way) => {
    const source = copyOfSample('disk-usage');
    await buildImage(way, source, IMAGE, '--clear-cache');
    await dropCaches(way);
    changeSource(source, 'index.js', '// changed\n');
    const output = await buildCutOff(way, source, IMAGE);
    expect(output).toContain('Dependencies: reused');
    expect(added(output)).toEqual([
      "Adding layer 'openfunction/node-function:function'",
      expect.stringMatching(/^Added 1\/\d+ app layer\(s\)$/),
    ]);
  },
);

const APPLICATION = {
  ...builtApp({ main: undefined }),
  Procfile: 'web: node dist/function.js\n',
  'package-lock.json': lockFile('plain.npm'),
};
const WORKSPACES = { ...monorepo('1.0.0'), 'package-lock.json': lockFile('workspace.npm') };

test.each(
  WAYS.flatMap((way): [Way, string, () => string, Record<string, string>][] => [
    [way, 'Express', () => copyOfSample('express'), { FUNC_NAME: 'app' }],
    [way, 'workspaces', () => makeFolder(WORKSPACES), { FUNC_NAME: 'hello', FUNC_SRC: 'packages/fn' }],
    [way, 'TypeScript that is compiled', () => makeFolder(COMPILED), { FUNC_NAME: 'hello' }],
    [way, 'an application with a build script', () => makeFolder(APPLICATION), {}],
  ]),
)('with engine "%s", no cache and no network, %s unchanged makes nothing anew', async (way, _, make, env) => {
  const source = make();
  const args = variables(env);
  const { digest } = await buildImage(way, source, IMAGE, '--clear-cache', ...args);
  const id = way === 'docker' ? await idOf(IMAGE) : digest;
  await dropCaches(way);
  const output = await buildCutOff(way, source, IMAGE, ...args);
  expect(output).toContain('it is taken over');
  expect(way === 'docker' ? await idOf(IMAGE) : digestIn(output)).toBe(id);
  expect(added(output)).toEqual([]);
});

/** Variables and files of an app are part of an image, the history of the app is not. */
const CLOCK_FILE = '/workspace/.git/clock';

/** An app that compiles C, runs a build script, and says at what time its function was loaded. */
async function appWithClock(): Promise<string> {
  // Nothing comes from a registry: its certificate is not valid in another year.
  const dependencies = { 'answer-native': 'file:native.tgz' };
  const scripts = { build: "node -e \"fs.copyFileSync('index.js', 'function.js')\"" };
  const folder = makeFolder({
    'package.json': JSON.stringify({ name: 'app', main: 'function.js', type: 'module', dependencies, scripts }),
    'index.js': `import native from 'answer-native';
console.log('loaded in ' + new Date().getFullYear());
export const hello = (req, res) => res.end(String(native.answer()));
`,
  });
  writeFileSync(join(folder, 'native.tgz'), await nativePackage());
  const clock = join(ROOT, 'test/fixtures/clock/clock.c');
  await execa('cc', ['-shared', '-fPIC', '-o', join(folder, 'clock.so'), clock]);
  return folder;
}

test('a build elsewhere and in another year gives the same digest', async () => {
  const source = await appWithClock();
  const args = {
    FUNC_NAME: 'hello',
    FUNC_DEBUG: '1',
    BP_NODE_RUN_SCRIPTS: 'build',
    LD_PRELOAD: '/workspace/clock.so',
    CLOCK_FILE,
  };
  const env = variables(args);
  const build = (folder: string, tag: string, shift: number): Promise<OfnResult> => {
    mkdirSync(join(folder, '.git'), { recursive: true });
    writeFileSync(join(folder, '.git/clock'), String(shift));
    return buildImage('none', folder, `ofn-test-day:${tag}`, '--clear-cache', ...env);
  };
  const first = await build(source, 'today', 0);
  const second = await build(checkOutAgain(source), 'later', 5 * 366 * 24 * 60 * 60);
  const year = new Date().getFullYear();
  expect(first.output).toContain(`loaded in ${year}`);
  expect(second.output).toContain(`loaded in ${year + 5}`);
  expect(second.digest).toBe(first.digest);
});
