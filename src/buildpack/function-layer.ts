import { dirname, join } from 'node:path';
import { isFolder } from '../base/path-kind.ts';
import type { FunctionManifest } from '../base/function-manifest.ts';
import type { BuildContext } from '../libcnb/context.ts';
import { writeLayerEnv } from '../libcnb/layer-env.ts';
import { createFolder, openLayer, writeLayer } from '../libcnb/layer.ts';
import { writeText } from '../libcnb/text-file.ts';
import { APISIX, type Config } from './config/function.ts';
import { hasSourceMap } from './launch/source-map.ts';
import type { LaunchPlan } from './launch/plan.ts';
import { packagePath, programPath } from './launch/search-paths.ts';
import { renderMain, type MainValues } from './main-file.ts';
import type { Launchable } from './rehearsal.ts';

/** Where a runner listens unless a launch says otherwise: in a volume that it shares with APISIX. */
const SHARED_SOCKET = 'unix:/run/apisix/runner.sock';

/** Writes the rendered main and the launch defaults, and gives the path of the main. */
export async function writeFunctionLayer(
  context: BuildContext,
  config: Config,
  parts: {
    readonly projectDir: string;
    readonly proven: Launchable;
    readonly frameworkDir: string;
    readonly manifest: FunctionManifest;
    readonly launch: LaunchPlan;
    readonly builtFor: MainValues['builtFor'];
  },
): Promise<string> {
  const { modulePath, signatureType } = parts.proven;
  const compiledCode = parts.proven.compiledCode?.folder;
  const target = config.target.value;
  const { builtFor, frameworkDir, launch } = parts;
  const sourceMaps = await hasSourceMap(modulePath);
  const values = { frameworkDir, source: modulePath, target, signatureType, compiledCode, builtFor, sourceMaps };
  const layer = await openLayer(context.layersDir, { name: 'function', types: { launch: true }, metadata: {} });
  const folder = await createFolder(layer);
  const main = join(folder, 'main.mjs');
  await writeText(main, renderMain(values));
  await writeText(join(folder, 'manifest.json'), `${JSON.stringify(parts.manifest, null, 2)}\n`);
  const defaults = {
    FUNCTION_SIGNATURE_TYPE: signatureType,
    FUNCTION_SOURCE: modulePath,
    FUNCTION_TARGET: target,
    FUNC_NAME: target,
    ...(await pluginsVariable(config.source.value)),
    NODE_ENV: config.execEnv.value,
    ...(launch.nodeOptions === undefined ? {} : { NODE_OPTIONS: launch.nodeOptions }),
    PORT: '8080',
    ...(signatureType === APISIX ? { APISIX_LISTEN_ADDRESS: SHARED_SOCKET } : {}),
    ...config.keel,
  };
  const changes = Object.entries(defaults).map(([name, value]) => ({ name, value, action: 'default' as const }));
  const { projectDir } = parts;
  await writeLayerEnv(folder, 'launch', [...changes, programPath(projectDir), packagePath(projectDir)]);
  await writeLayer(context.layersDir, layer, {});
  return main;
}

/** The folder of plugins is that of the source, which need not be where the module is. */
async function pluginsVariable(source: string): Promise<Record<string, string>> {
  const folder = join(isFolder(source) ? source : dirname(source), 'plugins');
  return isFolder(folder) ? { FUNC_PLUGINS_DIR: folder } : {};
}
