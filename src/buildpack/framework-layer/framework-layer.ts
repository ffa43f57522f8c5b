import { join } from 'node:path';
import { messageOf } from '../../base/error.ts';
import type { Log } from '../../base/log.ts';
import type { BuildContext } from '../../libcnb/context.ts';
import { createFolder, openLayer, writeLayer } from '../../libcnb/layer.ts';
import { fileError, kindOf } from '../../libcnb/text-file.ts';
import type { Decision } from '../decision.ts';
import type { Bills } from '../sbom/bills.ts';
import { FRAMEWORK } from './framework-names.ts';
import { installFramework } from './framework-package.ts';
import type { ChosenFramework } from './version/choose.ts';

/** Where the image has the framework. */
export interface FrameworkLayer {
  readonly version: string;
  /** The `node_modules` folder that holds it. */
  readonly nodeModules: string;
  /** The package's own folder. */
  readonly folder: string;
  /** SHA-256 of its files, in hex. */
  readonly digest: string;
  /** Modules that a launch loads, absolute. */
  readonly preloaded: readonly string[];
  /** Fulfilled when the files of a new layer are on disk: they are written beside what else a build does. */
  readonly written: Promise<void>;
  /** Sees to it that its files are on disk: those taken over from the previous image are not. */
  readonly bring: () => Promise<void>;
  readonly decision: Decision;
}

/** Provides the functions framework as a launch layer, the same bytes for every function that has the same version. */
export async function provideFramework(
  context: BuildContext,
  bills: Bills,
  log: Log,
  { framework, bill, isBundled, decision }: ChosenFramework,
): Promise<FrameworkLayer> {
  const metadata = { version: framework.version, digest: framework.digest };
  const layer = await openLayer(context.layersDir, { name: 'framework', types: { launch: true }, metadata });
  const nodeModules = join(layer.folder, 'node_modules');
  const install = async (): Promise<void> => {
    if ((await kindOf(nodeModules)) !== undefined) return;
    await createFolder(layer);
    await installFramework(framework, nodeModules).catch((error: unknown) => {
      throw fileError('write', nodeModules, messageOf(error), error);
    });
  };
  let installed: Promise<void> | undefined;
  const bring = async (): Promise<void> => (installed ??= install());
  const written = layer.state.kind === 'empty' ? bring() : Promise.resolve();
  // Whoever needs the files waits for them, and sees why they are not there.
  written.catch(() => {});
  await writeLayer(context.layersDir, layer, metadata);
  await bills.write({ layer: layer.name }, bill);
  const from = isBundled ? '' : `, from the registry (${decision.source})`;
  log.info(`Functions framework ${framework.version}: ${layer.state.kind === 'empty' ? 'added' : 'reused'}${from}`);
  const { version, digest } = framework;
  const folder = join(nodeModules, FRAMEWORK.name);
  const preloaded = FRAMEWORK.launched.map((path) => join(folder, path));
  return { version, digest, nodeModules, folder, preloaded, written, bring, decision };
}
