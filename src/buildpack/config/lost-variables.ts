import { ENCODED } from './encoded-variables.ts';

/** Shipwright's folder for sources, below which OpenFunction's builds run. */
const SHIPWRIGHT_SOURCE = '/workspace/source';

const ALL_LOST = `Not one variable arrived. Those of a Build belong in spec.env, those of a Function in spec.build.env, where by OpenFunction's own strategy a ">" in one of their values takes them all: write versions as 24, 24.x or ^24.1.0, or give all variables in ${ENCODED}, which "ofn env FUNC_NAME=hello NAME=value ..." prints.`;

/** What to say where a platform that loses variables gave none. */
export function describeLoss(appDir: string, userEnv: Readonly<Record<string, string>>): readonly string[] {
  const isAtRisk = `${appDir}/`.startsWith(`${SHIPWRIGHT_SOURCE}/`);
  return isAtRisk && Object.keys(userEnv).length === 0 ? [ALL_LOST] : [];
}
