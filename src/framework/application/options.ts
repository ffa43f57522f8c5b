import type { Log } from '../../base/log.ts';
import type { OpenFunctionContext } from '../context/types.ts';
import type { Companion } from '../http/companion.ts';
import type { Usage } from '../http/metrics.ts';
import type { Options } from '../options.ts';
import type { Platform } from '../platform.ts';
import type { Around } from '../plugin/hooks.ts';
import type { Tracer } from '../tracer.ts';

/** What an application needs to know beside its module. */
export interface ApplicationOptions extends Options {
  /** Undefined when the function got none. */
  readonly functionContext: OpenFunctionContext | undefined;
  readonly platform: Platform;
  /** Undefined where nothing is traced. */
  readonly tracer: Tracer | undefined;
  /** Around all calls, for logs. */
  readonly logScope?: Around | undefined;
  readonly production: boolean;
  /** What answers paths of its own beside the functions. */
  readonly companion?: Companion | undefined;
  /** Nothing is going to be called, as in a build: plugins are not initialised. */
  readonly rehearsal?: boolean;
  readonly log: Log;
  /** What the process has used, for metrics. */
  readonly usage: () => Usage;
}
