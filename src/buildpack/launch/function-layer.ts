import { dirname, join } from 'node:path';
import { isFolder } from '../../base/path-kind.ts';
import type { FunctionManifest } from '../../base/function-manifest.ts';
import type { BuildContext } from '../../libcnb/context.ts';
import { writeLayerEnv } from '../../libcnb/layer-env.ts';
import { createFolder, openLayer, type Layer } from '../../libcnb/layer.ts';
import { writeText } from '../../libcnb/text-file.ts';
import { APISIX, type Config } from '../config/function.ts';
import { hasSourceMap } from './source-map.ts';
import type { LaunchPlan } from './plan.ts';
import { packagePath, programPath } from './search-paths.ts';
import { renderMain, type MainValues } from './main-file.ts';
import type { Launchable } from '../proof/rehearsal.ts';

/** Where a runner listens unless a launch says otherwise: in a volume that it shares with APISIX. */
const SHARED_SOCKET = 'unix:/run/apisix/runner.sock';

/** The layer that starts the function. */
export interface FunctionLayer {
  readonly layer: Layer;
  /** Absolute path of the rendered main. */
  readonly main: string;
  /** Absolute folder of the compiled code that launches look into, where there is some. */
  readonly compiledCode: string;
}

/** The folder of compiled code in the layer. */
export const COMPILED_CODE = 'compile-cache';
/** The name of the layer. */
export const FUNCTION_LAYER = 'function';

/** Opens the layer that starts the function, which is going to be written or taken over. */
export async function openFunctionLayer({ layersDir }: BuildContext): Promise<FunctionLayer> {
  const layer = await openLayer(layersDir, { name: FUNCTION_LAYER, types: { launch: true }, metadata: {} });
  return { layer, main: join(layer.folder, 'main.mjs'), compiledCode: join(layer.folder, COMPILED_CODE) };
}

/** Writes the rendered main, the manifest and the launch defaults. */
export async function fillFunctionLayer(
  { layer, main }: FunctionLayer,
  config: Config,
  parts: {
    readonly projectDir: string;
    readonly proven: Launchable;
    readonly frameworkDir: string;
    readonly manifest: FunctionManifest;
    readonly launch: LaunchPlan;
    readonly builtFor: MainValues['builtFor'];
  },
): Promise<void> {
  const { modulePath, signatureType } = parts.proven;
  const compiledCode = parts.proven.compiledCode?.folder;
  const target = config.target.value;
  const { builtFor, frameworkDir, launch } = parts;
  const sourceMaps = await hasSourceMap(modulePath, signatureType);
  const values = { frameworkDir, source: modulePath, target, signatureType, compiledCode, builtFor, sourceMaps };
  const folder = await createFolder(layer);
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
}

/** The folder of plugins is that of the source, which need not be where the module is. */
async function pluginsVariable(source: string): Promise<Record<string, string>> {
  const folder = join(isFolder(source) ? source : dirname(source), 'plugins');
  return isFolder(folder) ? { FUNC_PLUGINS_DIR: folder } : {};
}
