import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join, relative } from 'node:path';
import { nodeArchitecture } from '../../base/architecture.ts';
import { isInside } from '../../base/inside.ts';
import type { Log } from '../../base/log.ts';
import type { BuildContext } from '../../libcnb/context.ts';
import { createFolder, openLayer, writeLayer } from '../../libcnb/layer.ts';
import { withoutCredentials } from '../bindings/addresses.ts';
import type { Dependencies } from './dependencies.ts';
import { isForeign, refuseForeignCode } from './foreign-code.ts';
import { nodeModulesIn } from './node-modules.ts';
import { readTextIfPresent } from '../project/json-file.ts';
import { REGISTRY_FILES } from '../project/registry-files.ts';
import { installDependencies } from '../managers/install.ts';
import type { PackageManager } from '../managers/manager.ts';
import { keepProgram, withProgram, type ManagerProgram } from '../managers/program.ts';
import { withWitness, type Looks } from '../managers/witness/witness.ts';
import type { NodeRuntime } from '../node/runtime.ts';
import { requireAge } from '../supply/release-age.ts';

/** What an install needs to know. */
export interface InstallPlan {
  readonly context: BuildContext;
  /** Folder of package.json and the lock file. */
  readonly projectDir: string;
  readonly dependencies: Dependencies;
  /** The app's own scripts, name to command. */
  readonly scripts: Readonly<Record<string, string>>;
  readonly node: NodeRuntime;
  readonly log: Log;
}

/** How to install. */
export interface InstallStep {
  /** Without devDependencies. */
  readonly production: boolean;
  /** What to do while the manifests are as the package manager saw them. */
  readonly afterwards?: (program: ManagerProgram) => Promise<void>;
}

/** Makes every node_modules of the project and its workspaces anew, and gives what install scripts looked at in the app. */
export async function installInApp(plan: InstallPlan, step: InstallStep): Promise<Looks> {
  const { context, dependencies, log, node, projectDir: appDir } = plan;
  const { choice, architectures } = dependencies;
  await removeInstalled(plan);
  const wanted = { choice, appDir, layersDir: context.layersDir, arch: architectures.builder };
  const request = { ...wanted, env: await node.environment(), log };
  const looks = await withProgram(request, async (program) => install(plan, step, program));
  // Not every manager makes a folder where nothing is left to install.
  await mkdir(join(appDir, 'node_modules'), { recursive: true });
  if (foreignArchOf(plan, step) !== undefined)
    await refuseForeignCode(nodeModulesIn(appDir, dependencies.folders), architectures);
  return looks;
}

async function install(plan: InstallPlan, step: InstallStep, program: ManagerProgram): Promise<Looks> {
  const { context, dependencies, log, node, projectDir: appDir, scripts } = plan;
  const { choice, folders, installScripts } = dependencies;
  const downloads = await openDownloads(plan);
  const { production, afterwards } = step;
  const how = {
    production,
    installScripts,
    scripts,
    cacheDir: downloads.folder,
    foreignArch: foreignArchOf(plan, step),
  };
  const env = await node.environment();
  try {
    await requireAge({ projectDir: appDir, dependencies, production, cacheDir: downloads.folder, env, log });
    const { appDir: root, buildpackDir } = context;
    const isReadByManager = readerOf(choice.manager);
    const isOfManager = (path: string): boolean => isReadByManager(relative(appDir, join(root, path)));
    const watched = { buildpackDir, appDir: root, env, isOfManager };
    return await withWitness(watched, async (own) => {
      const wanted = { appDir, folders, choice, program, ...how, env: own, log };
      return installDependencies(wanted, async () => afterwards?.(program));
    });
  } finally {
    await downloads.close();
  }
}

/** Tells whether a path of the project is in the key of an install, is read without need, or is kept by the manager for itself. */
function readerOf({ leftOut = [], lockFiles, settingsFiles }: PackageManager): (path: string) => boolean {
  const names = new Set(['package.json', ...lockFiles, ...settingsFiles, ...REGISTRY_FILES]);
  return (path) => names.has(basename(path)) || leftOut.some((own) => isInside(own, path));
}

/** Build scripts run here: what they need is for this machine. */
function foreignArchOf({ dependencies }: InstallPlan, { production }: InstallStep): string | undefined {
  const { architectures } = dependencies;
  return production && isForeign(architectures) ? nodeArchitecture(architectures.target) : undefined;
}

/** Lets the lifecycle keep what installs need, in a build that installs nothing. */
export async function keepInstallCaches(plan: InstallPlan): Promise<void> {
  const downloads = await openDownloads(plan);
  await downloads.close();
  await keepProgram(plan.context.layersDir);
}

/** Removes what an install made. */
export async function removeInstalled({ dependencies, projectDir }: InstallPlan): Promise<void> {
  const installed = nodeModulesIn(projectDir, dependencies.folders);
  await Promise.all(installed.map(async (path) => rm(path, { recursive: true, force: true })));
}

interface Downloads {
  readonly folder: string;
  close(): Promise<void>;
}

/**
 * The cache layer of a manager's downloads; those of another manager are let go. Downloads are kept by their addresses:
 * where these have passwords, a folder outside of the layers takes them.
 */
async function openDownloads({ context, dependencies, projectDir }: InstallPlan): Promise<Downloads> {
  const { manager, lock } = dependencies.choice;
  const manifest = await readTextIfPresent(join(projectDir, 'package.json'), 'OFN-PACKAGE-JSON');
  if ([lock?.text, manifest].some((text = '') => withoutCredentials(text) !== text)) {
    const folder = await mkdtemp(join(tmpdir(), 'ofn-downloads-'));
    return { folder, close: async () => rm(folder, { recursive: true, force: true }) };
  }
  const wanted = { name: 'downloads', types: { cache: true }, metadata: { manager: manager.name } };
  const layer = await openLayer(context.layersDir, wanted);
  await writeLayer(context.layersDir, layer, wanted.metadata);
  return { folder: await createFolder(layer), close: async () => {} };
}
