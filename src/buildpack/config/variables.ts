import type { Environment } from '../../base/setting.ts';

/** Variables, and who set each. */
export interface Variables {
  readonly env: Environment;
  /** The name, and the place where it is not the platform. */
  sourceOf(name: string): string;
}

/** The variables that a platform gave. */
export function platformVariables(env: Environment): Variables {
  return { env, sourceOf: (name) => name };
}
