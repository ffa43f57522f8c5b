import type { Environment } from '../../base/setting.ts';
import type { Decision } from '../decision.ts';

/** The Node.js that a function will run on, as the build deals with it. */
export interface NodeRuntime {
  readonly version: string;
  /** `process.versions.modules` of it. */
  readonly abi: string;
  /** Whether it is the run image's, which "pack rebase" may replace. */
  readonly isRunImages: boolean;
  /** Whether its program can be started without fetching it; one in the previous image alone can't. */
  isAtHand(): boolean;
  /** The environment of programs that run on it and compile for it; fetches it where it is not at hand. */
  environment(): Promise<Environment>;
  /** The environment of programs that run on whatever is at hand. */
  readonly standIn: Environment;
  readonly decision: Decision;
}
