import type { Server } from 'node:http';
import type { Log } from '../../base/log.ts';
import { APP_CALLBACK_METHODS } from '../grpc/methods.ts';
import type { AsyncSide } from './async-side.ts';
import { grpcCallbacks } from './grpc-callbacks.ts';
import { grpcSide, type StreamHandler } from './grpc-side.ts';
import { invokeOverHttp } from './invoke-over-http.ts';

/** What the gRPC half of the callbacks needs of its server. */
export interface AppCallbackOptions extends Pick<AsyncSide, 'triggers' | 'deliver' | 'verdicts' | 'trusts'> {
  readonly isDraining: () => boolean;
  /** Bytes of a message. */
  readonly limit: number;
  readonly log: Log;
  /** Answers what other applications invoke; undefined when a function takes messages alone. */
  readonly server: Server | undefined;
}

/** Makes Dapr's gRPC service of an app: https://github.com/dapr/dapr/blob/v1.16.5/dapr/proto/runtime/v1/appcallback.proto */
export function createAppCallback(options: AppCallbackOptions): StreamHandler {
  const methods = grpcCallbacks(options);
  if (options.server !== undefined) methods.set(APP_CALLBACK_METHODS.onInvoke, invokeOverHttp(options.server));
  return grpcSide({ ...options, methods });
}
