import type { BuildContext } from '../../libcnb/context.ts';
import type { MainValues } from '../launch/main-file.ts';
import { metadataOf } from './layer-metadata.ts';
import { findAbiBound } from './native-modules.ts';
import type { NodeRuntime } from './runtime.ts';

/**
 * What the function has to be started with when a rebase may bring another Node.js, and it has native modules, in the
 * layer of dependencies or among its own files, that would not load there; undefined when nothing can go wrong.
 */
export async function guardFor(
  { appDir, layersDir }: BuildContext,
  { abi, isRunImages }: NodeRuntime,
  hasModules: boolean,
): Promise<MainValues['builtFor']> {
  if (!isRunImages) return undefined;
  const { native } = hasModules ? await metadataOf(layersDir, 'modules') : {};
  const nativeModule = native ?? (await findAbiBound(appDir));
  return nativeModule === undefined ? undefined : { abi, nativeModule };
}
