import type { Server } from 'node:http';
import type { Log } from '../../base/log.ts';
import { APP_CALLBACK_METHODS } from '../grpc/methods.ts';
import type { AsyncSide } from './async-side.ts';
import { grpcCallbacks } from './grpc-callbacks.ts';
import { limitCalls, type CallLimits } from './grpc-limits.ts';
import { grpcSide, type StreamHandler } from './grpc-side.ts';
import { invokeOverHttp } from './invoke-over-http.ts';

/** What the gRPC half of the callbacks needs of its server. */
export interface AppCallbackOptions extends Pick<AsyncSide, 'triggers' | 'deliver' | 'verdicts' | 'trusts'> {
  readonly isDraining: () => boolean;
  /** Bytes of a message. */
  readonly limit: number;
  readonly log: Log;
  /** The bounds of calls of the function. */
  readonly limits: CallLimits;
  /** Answers what other applications invoke; undefined when a function takes messages alone. */
  readonly server: Server | undefined;
}

/** What calls the function; invocations are requests and have their bounds there. */
const OF_FUNCTION = [
  APP_CALLBACK_METHODS.onTopicEvent,
  APP_CALLBACK_METHODS.onBulkTopicEvent,
  APP_CALLBACK_METHODS.onBulkTopicEventStable,
  APP_CALLBACK_METHODS.onBindingEvent,
] as const;

/** Makes Dapr's gRPC service of an app: https://github.com/dapr/dapr/blob/v1.16.5/dapr/proto/runtime/v1/appcallback.proto */
export function createAppCallback(options: AppCallbackOptions): StreamHandler {
  const methods = grpcCallbacks(options);
  const bound = limitCalls(options.limits);
  for (const path of OF_FUNCTION) {
    const handle = methods.get(path);
    if (handle !== undefined) methods.set(path, bound(handle));
  }
  if (options.server !== undefined) methods.set(APP_CALLBACK_METHODS.onInvoke, invokeOverHttp(options.server));
  return grpcSide({ ...options, methods });
}
