import type { BuildContext } from '../../libcnb/context.ts';
import type { Dependencies } from '../dependencies.ts';
import type { FrameworkLayer } from '../framework-layer.ts';
import type { BuilderNode } from '../node/builder-node.ts';
import type { NodeRuntime } from '../node/runtime.ts';
import { openCompileCache, type CompileCache } from './layer.ts';

/** What decides whether there is compiled code, and for what. */
export interface CompileCacheChoice {
  readonly context: Pick<BuildContext, 'appDir' | 'layersDir' | 'target'>;
  /** Whether the project and its Node.js want compiled code, and a boot check makes it. */
  readonly wanted: boolean;
  readonly node: Pick<NodeRuntime, 'version'>;
  readonly builder: Pick<BuilderNode, 'version' | 'arch'>;
  readonly framework: Pick<FrameworkLayer, 'digest'>;
  readonly dependencies: Pick<Dependencies, 'key'> | undefined;
}

/** The compile cache of the function; undefined when there is to be none, or this machine can't make it. */
export async function chooseCompileCache(choice: CompileCacheChoice): Promise<CompileCache | undefined> {
  const { context, wanted, node, builder, framework, dependencies } = choice;
  const arch = context.target?.arch ?? builder.arch;
  if (!wanted || builder.arch !== arch) return undefined;
  const name = `${node.version} ${arch === 'amd64' ? 'x64' : arch}`;
  const key = { node: name, framework: framework.digest, modules: dependencies?.key ?? '' };
  return openCompileCache(context, key, node.version === builder.version);
}
