import { describeChange } from '../config/setting.ts';
import type { Sources } from '../config/sources.ts';
import { decisionOf, type Decision } from '../decision.ts';
import { heapOptions, takesCompiledCode } from './heap.ts';
import { NODE_SETTINGS } from '../node/settings.ts';
import { LAUNCH_SETTINGS } from './settings.ts';

/** How the function starts and runs. */
export interface LaunchPlan {
  /** NODE_OPTIONS where a launch sets none; undefined when there are none to set. */
  readonly nodeOptions: string | undefined;
  /** Whether that Node.js takes compiled code beside them. */
  readonly takesCompiled: boolean;
  /** What the heap gets. */
  readonly heap: Decision;
}

/** Decides how the function starts and runs on that version of Node.js. */
export function planLaunch(sources: Sources, node: string): LaunchPlan {
  const { value: share } = sources.read(LAUNCH_SETTINGS.heap);
  const nodeOptions = heapOptions(node, share);
  return { nodeOptions, takesCompiled: takesCompiledCode(node, nodeOptions), heap: heapDecision(sources, node) };
}

function heapDecision(sources: Sources, node: string): Decision {
  const share = sources.read(LAUNCH_SETTINGS.heap);
  const decision = decisionOf(LAUNCH_SETTINGS.heap, share);
  if (share.value === 0 || heapOptions(node, share.value) !== undefined) return decision;
  const change = describeChange(NODE_SETTINGS.version);
  return { ...decision, value: 'left to Node.js', source: `Node.js ${node} takes no share of the memory`, change };
}
