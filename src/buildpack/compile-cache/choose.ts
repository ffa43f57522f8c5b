import { lstat } from 'node:fs/promises';
import { join } from 'node:path';
import { nodeArchitecture } from '../../base/architecture.ts';
import type { Log } from '../../base/log.ts';
import type { BuildContext } from '../../libcnb/context.ts';
import type { Dependencies } from '../dependencies.ts';
import type { FrameworkLayer } from '../framework-layer.ts';
import type { BuilderNode } from '../node/builder-node.ts';
import type { NodeRuntime } from '../node/runtime.ts';
import { FOLDER_IN_APP, openCompileCache, type CompileCache } from './layer.ts';

/** What decides whether there is compiled code, and for what. */
export interface CompileCacheChoice {
  readonly context: Pick<BuildContext, 'appDir' | 'layersDir' | 'target'>;
  /** Whether the project and its Node.js want compiled code, and a boot check makes it. */
  readonly wanted: boolean;
  readonly node: Pick<NodeRuntime, 'version'>;
  readonly builder: Pick<BuilderNode, 'version' | 'arch'>;
  readonly framework: Pick<FrameworkLayer, 'digest'>;
  readonly dependencies: Pick<Dependencies, 'key'> | undefined;
  readonly log: Log;
}

/** The compile cache of the function; undefined when there is to be none, or this machine can't make it. */
export async function chooseCompileCache(choice: CompileCacheChoice): Promise<CompileCache | undefined> {
  const { context, wanted, node, builder, framework, dependencies, log } = choice;
  const arch = context.target?.arch ?? builder.arch;
  if (!wanted || builder.arch !== arch) return undefined;
  const ours = await lstat(join(context.appDir, FOLDER_IN_APP)).catch(() => undefined);
  if (ours?.isDirectory() === false) {
    log.info(`Compile cache: none, ${FOLDER_IN_APP} of the app is not a folder`);
    return undefined;
  }
  const name = `${node.version} ${nodeArchitecture(arch)}`;
  const key = { node: name, framework: framework.digest, modules: dependencies?.key ?? '' };
  return openCompileCache(context, key, node.version === builder.version);
}
