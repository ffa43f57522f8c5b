import type { OpenFunctionInvocation } from './context/runtime.ts';
import type { OpenFunctionComponent } from './context/types.ts';
import type { SidecarAnswer, SidecarCall } from './dapr/sidecar.ts';
import type { Around, WatchHook } from './plugin/hooks.ts';

/** Records what calls, hooks and sends take. It adds nothing to the time until a caller has its answer. */
export interface Tracer {
  /** Runs a call in a span below the one that its request or message names. */
  readonly around: Around;
  /** Runs a hook in a span of its own. */
  readonly hook: WatchHook;
  /** Makes a call of the sidecar in a span of its own, whose context goes along in the headers. */
  readonly send: (call: SidecarCall, make: (call: SidecarCall) => Promise<SidecarAnswer>) => Promise<SidecarAnswer>;
  /** What an envelope of OpenFunction's Go framework carries of the span that sends it; undefined for what goes in headers. */
  readonly innerMetadata:
    | ((ctx: OpenFunctionInvocation, output: OpenFunctionComponent) => Readonly<Record<string, string>>)
    | undefined;
  /** Ids of the running span, for logs; undefined outside of any. */
  readonly current: () => { readonly traceId: string; readonly spanId: string } | undefined;
  /** Sends what has been recorded; resolves also when that failed. */
  readonly flush: () => Promise<void>;
}
