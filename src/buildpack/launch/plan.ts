import type { Sources } from '../config/sources.ts';
import { heapOptions, takesCompiledCode } from './heap.ts';
import { LAUNCH_SETTINGS } from './settings.ts';

/** How the function starts and runs. */
export interface LaunchPlan {
  /** NODE_OPTIONS where a launch sets none; undefined when there are none to set. */
  readonly nodeOptions: string | undefined;
  /** Whether it starts with compiled code. */
  readonly compiled: boolean;
}

/** Decides how the function starts and runs on that version of Node.js. */
export function planLaunch(sources: Sources, node: string): LaunchPlan {
  const nodeOptions = heapOptions(node, sources.read(LAUNCH_SETTINGS.heap).value);
  const wanted = sources.read(LAUNCH_SETTINGS.compileCache).value;
  return { nodeOptions, compiled: wanted && takesCompiledCode(node, nodeOptions) };
}
