import type { LogSink } from '../base/log.ts';
import type { Environment } from '../base/setting.ts';

/** The world a command runs in. */
export interface Terminal {
  readonly env: Environment;
  readonly cwd: string;
  /** Numeric user of the process; 0 is root. */
  readonly uid: number;
  readonly gid: number;
  /** `linux`, `darwin`, ... */
  readonly platform: string;
  /** `amd64` or `arm64`, the way images name it. */
  readonly arch: string;
  /** Milliseconds since any fixed moment. */
  readonly now: () => number;
  readonly stdout: LogSink;
  readonly stderr: LogSink;
  readonly kill: (pid: number, signal: NodeJS.Signals) => void;
  /** Aborted once the user wants to stop. */
  readonly stopped: AbortSignal;
  /** Calls back at each signal to stop. */
  readonly onStop: (stop: (signal: NodeJS.Signals) => void) => void;
}
