import { FnError } from '../../base/error.ts';
import { OWN_STRATEGY, type StrategyReference } from './strategy.ts';

const ENCODED = 'FUNC_ENV_B64URL';

/** A resource that carries variables of a build. */
type Carrier = 'Build' | 'Function';

/** Values that reach a build as they are by strategies of others, which hand them to a shell and its "echo". */
const UNDAMAGED_BY_OTHERS = /^(?!-[neE]+$)[\w.,:/@+%^-]+$/;

/** Those that do by ours, by the resource that has them. */
const UNDAMAGED_BY_OURS: Readonly<Record<Carrier, RegExp>> = {
  // Kubernetes and Tekton replace "$(...)", and Kubernetes makes one "$" of two.
  Build: /^(?!.*\$[($])[^\0]*$/s,
  // OpenFunction's controller puts "#" between variables.
  Function: /^(?!.*\$[($])[^#\0]*$/s,
};

/**
 * Variables of a build as a resource can carry them: those with values that would be damaged on their way are put into
 * FUNC_ENV_B64URL, which docs/build.md explains.
 */
export function carryVariables(
  variables: Readonly<Record<string, string>>,
  strategy: StrategyReference,
  kind: Carrier,
): Readonly<Record<string, string>> {
  const undamaged = strategy.name === OWN_STRATEGY ? UNDAMAGED_BY_OURS[kind] : UNDAMAGED_BY_OTHERS;
  const entries = Object.entries(variables);
  // A "=" at its end may be cut off without harm.
  const isSafe = ([name, value]: readonly [string, string]): boolean =>
    name === ENCODED || (undamaged.test(value) && !isNumberOfSome(value));
  const damaged = entries.filter((entry) => !isSafe(entry));
  if (damaged.length === 0) return variables;
  if (ENCODED in variables) throw twice(damaged.map(([name]) => name));
  const encoded = Buffer.from(JSON.stringify(Object.fromEntries(damaged))).toString('base64url');
  return { ...Object.fromEntries(entries.filter(isSafe)), [ENCODED]: encoded };
}

/** Numbers by YAML 1.1, which Kubernetes reads, and texts by YAML 1.2, which is written here: 0X1, -0o7, 1_000. */
function isNumberOfSome(value: string): boolean {
  return /^[-+]?(?:0[XBO]|[\d.]+_)/.test(value) || /^[-+]0o/.test(value);
}

function twice(names: readonly string[]): FnError {
  return new FnError(`Couldn't put ${names.join(', ')} into ${ENCODED}: it is given already.`, {
    code: 'OFN-CLI-ARGUMENT',
    hint: `Give all variables without ${ENCODED}, which is made of those that need it, or have them all in it by "ofn env".`,
  });
}
