import { FnError } from '../../base/error.ts';

/** A build strategy of Shipwright, as resources refer to it. */
export interface StrategyReference {
  readonly name: string;
  readonly kind: 'ClusterBuildStrategy' | 'BuildStrategy';
}

/** The build strategy of deploy/shipwright. */
export const OWN_STRATEGY = 'openfunction-node';

/** Reads `name`, or `kind/name` as kubectl has it; OFN-CLI-ARGUMENT when it is neither. */
export function readStrategy(text: string): StrategyReference {
  const [, prefix, name] = /^(?:(.*)\/)?([a-z0-9](?:[a-z0-9.-]*[a-z0-9])?)$/.exec(text) ?? [];
  const kind = KINDS.find((one) => one.toLowerCase() === (prefix ?? KINDS[0]).toLowerCase());
  if (name !== undefined && kind !== undefined) return { name, kind };
  throw new FnError(`Couldn't use the strategy "${text}": it is no name of one.`, {
    code: 'OFN-CLI-ARGUMENT',
    hint: `Give the name of a ClusterBuildStrategy, such as ${OWN_STRATEGY}, or BuildStrategy/${OWN_STRATEGY} for one of the namespace.`,
  });
}

const KINDS = ['ClusterBuildStrategy', 'BuildStrategy'] as const;
