import { rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { execa } from 'execa';
import { FnError } from '../../base/error.ts';
import type { Log } from '../../base/log.ts';
import { isFolder } from '../../base/path-kind.ts';
import type { Environment } from '../../base/setting.ts';
import { nodeModulesIn } from '../dependencies/node-modules.ts';
import { readTextIfPresent } from '../project/json-file.ts';
import type { ManagerChoice } from './choose.ts';
import { explainFailure } from './failure.ts';
import { withFiles } from './files.ts';
import { packagesWithScripts } from './install-scripts.ts';
import { patchFor } from './patch.ts';
import { registryOf, type ManagerProgram } from './program.ts';
import { QUIET_FLAGS } from './registry.ts';
import type { InstallScripts } from './settings.ts';

/** One install. */
export interface Install {
  readonly appDir: string;
  /** Its folders with a node_modules of their own: '' is the app itself. */
  readonly folders: readonly string[];
  readonly choice: ManagerChoice;
  readonly program: ManagerProgram;
  /** Without devDependencies, and without the scripts that prepare a working copy. */
  readonly production: boolean;
  /** The app's own scripts, name to command: managers run some of them. */
  readonly scripts: Readonly<Record<string, string>>;
  /** Whose install scripts run. */
  readonly installScripts: InstallScripts;
  /** Folder for the manager's downloads. */
  readonly cacheDir: string;
  /** The architecture to install for, as Node.js names it, where it is not this machine's. */
  readonly foreignArch: string | undefined;
  readonly env: Environment;
  readonly log: Log;
}

const OUTPUT_LIMIT = 16 * 1024 * 1024;

/**
 * Installs dependencies into `node_modules` of the app and its workspaces as the lock file says; the project's own files
 * are as before when it is done. A failure is one of the OFN-DEPS codes. `afterwards` runs while the files are as the manager saw them.
 */
export async function installDependencies(install: Install, afterwards: () => Promise<void>): Promise<void> {
  const { appDir, choice, env, production } = install;
  const { manager, lock } = choice;
  const ignoreScripts = install.installScripts !== 'on';
  const patch = await patchFor(appDir, choice, { production, ignoreScripts, env });
  const kept = [...patch.manifests, ...manager.lockFiles, ...manager.makes];
  await withFiles(appDir, patch.texts, kept, async () => {
    await runInstall({ ...install, env: { ...env, ...patch.env } }, patch.lock);
    if (lock !== undefined) await compareLocks(install, patch.texts.get(lock.name) ?? lock.text);
    await afterwards();
  });
  for (const name of manager.leftovers) await rm(join(appDir, 'node_modules', name), { recursive: true, force: true });
}

async function runInstall(install: Install, patched: boolean): Promise<void> {
  const { appDir, choice, program, production, cacheDir, foreignArch, installScripts, log } = install;
  const { manager } = choice;
  const { args, env } = await manager.install({
    version: program.version,
    locked: choice.lock !== undefined,
    production,
    patched,
    ignoreScripts: installScripts !== 'on',
    appDir,
    cacheDir,
    registry: () => registryOf(install),
  });
  const foreign = foreignArch === undefined ? [] : (manager.foreignFlags?.(foreignArch, program.version) ?? []);
  log.info(`${manager.name} ${args.slice(0, 2).join(' ')}`);
  const output = await run(install, [...program.command, ...args, ...foreign], env);
  if (installScripts !== 'on') return runScriptsOf(installScripts === 'off' ? [] : installScripts, install);
  const blocked = [...output.matchAll(manager.blocked ?? /(?!)/g)].map(([, names = '']) => names.trim());
  if (blocked.length === 0) return;
  log.warn(
    `${manager.name} did not run install scripts: ${blocked.join(', ')}. Allow them as ${manager.name} has it, or name the packages in BP_INSTALL_SCRIPTS.`,
  );
}

/** Runs the install scripts of some packages, and says of which they did not run. */
async function runScriptsOf(allowed: readonly string[], install: Install): Promise<void> {
  const { appDir, folders, log } = install;
  const installed = nodeModulesIn(appDir, folders).filter(isFolder);
  const scripted = await packagesWithScripts(installed);
  const names = scripted.filter((name) => allowed.includes(name));
  if (names.length > 0) {
    log.info(`Install scripts: ${names.join(', ')}`);
    // npm finds its way through the node_modules of every manager, but not to that of pnpm's workspaces, and is the one
    // that has a compiler's driver.
    for (const nodeModules of installed) {
      await run({ ...install, appDir: dirname(nodeModules) }, ['npm', 'rebuild', ...names, ...QUIET_FLAGS], {
        npm_lifecycle_event: undefined,
      });
    }
  }
  const skipped = scripted.filter((name) => !allowed.includes(name));
  if (skipped.length === 0) return;
  log.warn(
    `Install scripts did not run, because BP_INSTALL_SCRIPTS does not name their packages: ${skipped.join(', ')}.`,
  );
}

/** Runs a command in the app and gives what it printed; a failure is told as the manager's. */
async function run(install: Install, [file = '', ...args]: readonly string[], env: Environment): Promise<string> {
  const { appDir, choice, program, log, scripts } = install;
  const result = await execa(file, args, {
    cwd: appDir,
    env: { ...install.env, ...program.env, ...env },
    extendEnv: false,
    stdin: 'ignore',
    all: true,
    reject: false,
    maxBuffer: OUTPUT_LIMIT,
  });
  if (result.failed) {
    const { name, failures } = choice.manager;
    throw explainFailure(result.all, { program: name, rows: failures, scripts, cause: result.cause });
  }
  for (const line of result.all.split('\n')) log.debug(line);
  return result.all;
}

/** An install of what is not locked is none, also where the manager could not be asked to see to it. */
async function compareLocks({ appDir, choice }: Install, before: string): Promise<void> {
  const { manager, lock } = choice;
  if (lock === undefined || manager.lockedPackages === undefined) return;
  const after = (await readTextIfPresent(join(appDir, lock.name), 'OFN-DEPS-LOCK')) ?? '';
  const locked = manager.lockedPackages(before);
  const added = [...manager.lockedPackages(after)].filter((name) => !locked.has(name));
  if (added.length === 0) return;
  throw new FnError(
    `Couldn't install dependencies: package.json and the lock file disagree.\n\nNot in ${lock.name}: ${added.slice(0, 20).join(', ')}`,
    { code: 'OFN-DEPS-LOCK', hint: `Run "${manager.lockCommand}" and commit the lock file it writes.` },
  );
}
