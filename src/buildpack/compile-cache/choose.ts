import { nodeArchitecture } from '../../base/architecture.ts';
import type { BuildContext } from '../../libcnb/context.ts';
import type { Dependencies } from '../dependencies/dependencies.ts';
import type { FrameworkLayer } from '../framework-layer/framework-layer.ts';
import type { BuilderNode } from '../node/builder-node.ts';
import type { NodeRuntime } from '../node/runtime.ts';
import { openCompileCache, type CompileCache } from './layer.ts';

/** What decides for what there is compiled code, and where. */
export interface CompileCacheChoice {
  readonly context: Pick<BuildContext, 'appDir' | 'layersDir' | 'target'>;
  readonly node: Pick<NodeRuntime, 'version'>;
  readonly builder: Pick<BuilderNode, 'version' | 'arch'>;
  readonly framework: Pick<FrameworkLayer, 'digest'>;
  readonly dependencies: Pick<Dependencies, 'key'> | undefined;
  /** Absolute folder that launches look into; undefined where nothing is to be compiled. */
  readonly launchFolder: string | undefined;
}

/** The compile cache of the function; undefined when there is to be none, or this machine can't make it. */
export async function chooseCompileCache(choice: CompileCacheChoice): Promise<CompileCache | undefined> {
  const { context, node, builder, framework, dependencies, launchFolder } = choice;
  const arch = context.target?.arch ?? builder.arch;
  if (launchFolder === undefined || builder.arch !== arch) return undefined;
  const name = `${node.version} ${nodeArchitecture(arch)}`;
  const key = { node: name, framework: framework.digest, modules: dependencies?.key ?? '' };
  return openCompileCache({ context, key, ofApp: node.version === builder.version, launchFolder });
}
