import { glob, mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { nodeArchitecture } from '../base/architecture.ts';
import type { Log } from '../base/log.ts';
import type { BuildContext } from '../libcnb/context.ts';
import { createFolder, openLayer, writeLayer } from '../libcnb/layer.ts';
import { withoutCredentials } from './bindings/address-credentials.ts';
import type { Dependencies } from './dependencies.ts';
import { isForeign, refuseForeignCode } from './foreign-code.ts';
import { readTextIfPresent } from './json-file.ts';
import { installDependencies } from './managers/install.ts';
import { keepProgram, provideProgram, type ManagerProgram } from './managers/program.ts';
import type { NodeRuntime } from './node/runtime.ts';
import { requireAge } from './supply/release-age.ts';

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

/** Makes node_modules of the project anew. */
export async function installInApp(plan: InstallPlan, { production, afterwards }: InstallStep): Promise<void> {
  const { context, dependencies, log, node, projectDir: appDir, scripts } = plan;
  const env = await node.environment();
  const { layersDir } = context;
  const { choice, architectures, installScripts } = dependencies;
  const installed = join(appDir, 'node_modules');
  await rm(installed, { recursive: true, force: true });
  const program = await provideProgram({ choice, appDir, layersDir, arch: architectures.builder, env, log });
  const downloads = await openDownloads(plan);
  // Build scripts run here: what they need is for this machine.
  const foreignArch = production && isForeign(architectures) ? nodeArchitecture(architectures.target) : undefined;
  const how = { production, installScripts, scripts, cacheDir: downloads.folder, foreignArch };
  const install = { appDir, choice, program, ...how, env, log };
  try {
    await requireAge({ projectDir: appDir, dependencies, production, cacheDir: downloads.folder, env, log });
    await installDependencies(install, async () => afterwards?.(program));
  } finally {
    await downloads.close();
  }
  // Not every manager makes a folder where nothing is left to install.
  await mkdir(installed, { recursive: true });
  if (foreignArch !== undefined) await refuseForeignCode(installed, architectures);
}

/** Lets the lifecycle keep what installs need, in a build that installs nothing. */
export async function keepInstallCaches(plan: InstallPlan): Promise<void> {
  const downloads = await openDownloads(plan);
  await downloads.close();
  await keepProgram(plan.context.layersDir);
}

/** Removes what an install made, beside every manifest of the app. */
export async function removeInstalled(appDir: string): Promise<void> {
  const manifests: string[] = [];
  for await (const path of glob('**/package.json', { cwd: appDir, exclude: isInstalled })) manifests.push(path);
  for (const path of manifests) {
    await rm(join(appDir, dirname(path), 'node_modules'), { recursive: true, force: true });
  }
}

function isInstalled(name: string): boolean {
  return name === 'node_modules';
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
