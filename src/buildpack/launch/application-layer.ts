import { join } from 'node:path';
import type { BuildContext } from '../../libcnb/context.ts';
import { writeLayerEnv } from '../../libcnb/layer-env.ts';
import { createFolder, openLayer, writeLayer } from '../../libcnb/layer.ts';
import { writeText } from '../../libcnb/text-file.ts';
import type { TomlTable } from '../../libcnb/toml-file.ts';
import type { Config } from '../config/function.ts';
import type { FrameworkLayer } from '../framework-layer/framework-layer.ts';
import { guardFor } from '../node/rebase-guard.ts';
import type { NodeRuntime } from '../node/runtime.ts';
import { renderGuard, SIGNALS } from './main-file.ts';
import { writeProcessVariables, type ProcessCommands } from './process-commands.ts';
import { programPath } from './search-paths.ts';

/** What the layer that starts an application is made of. */
export interface ApplicationLayer {
  readonly context: BuildContext;
  readonly projectDir: string;
  readonly config: Pick<Config, 'execEnv'>;
  readonly commands: ProcessCommands;
  readonly framework: Pick<FrameworkLayer, 'folder'>;
  readonly node: NodeRuntime;
  /** How dependencies are installed; undefined where nothing is. */
  readonly install: object | undefined;
  /** NODE_OPTIONS, where a launch sets none. */
  readonly nodeOptions: string | undefined;
  /** What the next build knows the application by. */
  readonly record: TomlTable;
}

/** The name of the layer. */
export const APPLICATION_LAYER = 'application';

/** Writes the launch defaults and the modules that node loads first, and gives the flags that say so. */
export async function writeApplicationLayer(parts: ApplicationLayer): Promise<readonly string[]> {
  const { commands, config, context, framework, install, node, nodeOptions, projectDir, record } = parts;
  const { layersDir } = context;
  const layer = await openLayer(layersDir, { name: APPLICATION_LAYER, types: { launch: true }, metadata: {} });
  const defaults = {
    NODE_ENV: config.execEnv.value,
    PORT: '8080',
    ...(nodeOptions ? { NODE_OPTIONS: nodeOptions } : {}),
  };
  const changes = Object.entries(defaults).map(([name, value]) => ({ name, value, action: 'default' as const }));
  const folder = await createFolder(layer);
  await writeLayerEnv(folder, 'launch', [...changes, programPath(projectDir)]);
  await writeProcessVariables(folder, commands);
  const builtFor = await guardFor(context, node, install !== undefined);
  const signals = join(folder, 'signals.cjs');
  const guard = join(folder, 'guard.mjs');
  await writeText(signals, SIGNALS);
  if (builtFor !== undefined) await writeText(guard, renderGuard(framework.folder, builtFor));
  await writeLayer(layersDir, layer, record);
  return ['--require', signals, ...(builtFor === undefined ? [] : ['--import', guard])];
}
