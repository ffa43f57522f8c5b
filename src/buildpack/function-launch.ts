import type { BuildContext } from '../libcnb/context.ts';
import type { Launch } from '../libcnb/launch.ts';
import type { ProvenFunction } from './boot-check.ts';
import { decisionsOf } from './build-decisions.ts';
import type { Config } from './config/function.ts';
import type { Sources } from './config/sources.ts';
import type { Dependencies } from './dependencies.ts';
import type { FrameworkLayer } from './framework-layer.ts';
import { sliceApp } from './launch/slices.ts';
import type { NodeRuntime } from './node/runtime.ts';
import type { PackageJson } from './package-json.ts';
import { encodePlan, PLAN_LABEL } from './plan.ts';
import { PROCESS_SETTINGS, processesOf } from './processes.ts';

/** A function whose layers are made. */
export interface BuiltFunction {
  readonly context: BuildContext;
  readonly config: Config;
  readonly sources: Sources;
  readonly packageJson: PackageJson | undefined;
  readonly node: NodeRuntime;
  readonly framework: FrameworkLayer;
  readonly dependencies: Dependencies | undefined;
  readonly proven: ProvenFunction;
  /** The rendered main. */
  readonly main: string;
}

/** What the image of a function says of it, and what it starts. */
export async function launchOf(built: BuiltFunction): Promise<Launch> {
  const { context, config, sources, packageJson, main, node, proven } = built;
  const decisions = [node.decision, ...decisionsOf({ ...built, appDir: context.appDir })];
  return {
    slices: await sliceApp(context.appDir, proven.modulePath),
    labels: { ...sources.labels, ...labelsOf(built), [PLAN_LABEL]: encodePlan(sources, decisions) },
    processes: processesOf({
      execEnv: config.execEnv.value,
      web: ['node', main],
      inspectorPort: sources.read(PROCESS_SETTINGS.inspectorPort).value,
      scripts: packageJson?.scripts ?? {},
      manager: built.dependencies?.choice.manager.name,
    }),
  };
}

function labelsOf({ config, proven, framework, node }: BuiltFunction): Record<string, string> {
  return {
    'io.openfunction.function.name': config.target.value,
    'io.openfunction.function.signature-type': proven.signatureType,
    'io.openfunction.framework.version': framework.version,
    'io.openfunction.node.version': node.version,
    'io.openfunction.node.abi': node.abi,
  };
}
