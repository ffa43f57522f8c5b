// Bundles what is shipped as single files: the buildpack's phases, the CLI, the framework's server and its packages.
import { cp, mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { dirname, join } from 'node:path';
import { keyOf, ROOT } from './cache.ts';
import { run } from './command.ts';
import {
  findFramework,
  FRAMEWORK_INDEX,
  patternsFor,
  type FrameworkSummary,
  type FrameworkUse,
} from '../src/buildpack/framework-layer/framework-package.ts';
import { FRAMEWORK_BILL, frameworkBill } from '../src/buildpack/sbom/framework-bill.ts';
import lock from '../package-lock.json' with { type: 'json' };
import manifest from '../package.json' with { type: 'json' };

/** What functions do not need at launch: the runner has it in its bundle. */
const OF_RUNNER: ReadonlySet<string> = new Set(['flatbuffers', 're2js', 'undici']);
const KEPT = join(ROOT, 'node_modules/.cache/bundled-packages');

await inParallel([
  ...['detect', 'build', 'download', 'witness', 'shipwright', 'cli'].map(
    (main) => () => bundle(`build/main/${main}.js`, join(ROOT, 'dist', main)),
  ),
  () => bundle('build/main/check.js', join(ROOT, 'build/check')),
  bundleServer,
  () => bundle('build/main/runner.js', join(ROOT, 'build/runner')),
  bundlePackages,
]);
await writeFile(join(ROOT, FRAMEWORK_INDEX), `${JSON.stringify(await frameworkIndex())}\n`);
await writeFile(join(ROOT, FRAMEWORK_BILL), `${JSON.stringify(frameworkBill(manifest, lock), null, 2)}\n`);

/** What builds need to know of the framework without reading it. */
async function frameworkIndex(): Promise<Record<FrameworkUse, FrameworkSummary>> {
  return { function: await summaryFor('function'), runner: await summaryFor('runner') };
}

async function summaryFor(use: FrameworkUse): Promise<FrameworkSummary> {
  const framework = await findFramework(ROOT, [], patternsFor(use));
  if (framework === undefined) throw new Error('The framework was not built.');
  const { digest, paths } = framework;
  return { digest, paths };
}

/** The server in one file and its lazy parts, in which the framework starts faster than as a tree of modules. */
async function bundleServer(): Promise<void> {
  const folder = join(ROOT, 'build/serve');
  await bundle('build/main/function.js', folder);
  for (const file of await readdir(folder)) await takeBuiltinsDirectly(join(folder, file));
}

/** Node's own modules come without `createRequire`, by which ncc takes them: it costs a millisecond at start. */
async function takeBuiltinsDirectly(file: string): Promise<void> {
  const text = await readFile(file, 'utf8');
  const direct = text
    .replaceAll('__WEBPACK_EXTERNAL_createRequire(import.meta.url)("node:', 'process.getBuiltinModule("node:')
    .replace(/^import \{ createRequire as __WEBPACK_EXTERNAL_createRequire \} .*\n/, '');
  if (direct.includes('__WEBPACK_EXTERNAL_createRequire')) throw new Error(`${file} takes a module in another way.`);
  await writeFile(file, direct);
}

/** Each package that the framework needs as one file, where Node looks for packages; kept until the lock file changes. */
async function bundlePackages(): Promise<void> {
  const key = await keyOf(['package-lock.json', 'scripts/bundle.ts'], []);
  const kept = join(KEPT, key);
  if ((await readFile(join(kept, 'done'), 'utf8').catch(() => '')) !== key) {
    await rm(KEPT, { recursive: true, force: true });
    for (const name of Object.keys(manifest.dependencies)) {
      if (OF_RUNNER.has(name)) continue;
      await bundle(`node_modules/${name}`, join(kept, 'node_modules', name), ['--license', 'LICENSE']);
    }
    await writeFile(join(kept, 'done'), key);
  }
  await cp(join(kept, 'node_modules'), join(ROOT, 'build/node_modules'), { recursive: true });
}

/** Bundles an entry; of what ncc writes only the JavaScript and the licences are kept. */
async function bundle(entry: string, folder: string, args: readonly string[] = []): Promise<void> {
  const scratch = `${folder}.scratch`;
  await mkdir(dirname(folder), { recursive: true });
  await run('ncc', ['build', entry, '--out', scratch, '--quiet', ...args], { cwd: ROOT });
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder);
  for (const file of await readdir(scratch, { withFileTypes: true })) {
    const isKept = file.isFile() && (/(?:^|\.)index\.js$/.test(file.name) || file.name === 'LICENSE');
    if (isKept || file.name === 'package.json') await rename(join(scratch, file.name), join(folder, file.name));
  }
  await rm(scratch, { recursive: true });
}

async function inParallel(tasks: readonly (() => Promise<void>)[]): Promise<void> {
  const queue = tasks.values();
  const work = async (): Promise<void> => {
    for (const task of queue) await task();
  };
  await Promise.all(Array.from({ length: availableParallelism() }, work));
}
