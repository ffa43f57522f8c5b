import type { IncomingHttpHeaders, ServerHttp2Stream } from 'node:http2';
import { describeThrown } from '../../base/error.ts';
import type { Log } from '../../base/log.ts';
import { APP_CALLBACK_METHODS as METHODS } from '../grpc/methods.ts';
import { serveUnary, type UnaryHandler } from '../grpc/serve-unary.ts';
import { GRPC_STATUS, GrpcError } from '../grpc/status.ts';
import type { FailureScope } from '../http/endpoint.ts';
import type { Trust } from './app-token.ts';

/** What serves gRPC. */
export interface GrpcSideOptions {
  /** By their paths. */
  readonly methods: ReadonlyMap<string, UnaryHandler>;
  readonly trusts: Trust;
  /** Bytes of a message. */
  readonly limit: number;
  readonly log: Log;
}

/** Takes streams whose path is that of a method of Dapr's. */
export type StreamHandler = (stream: ServerHttp2Stream, headers: IncomingHttpHeaders, scope: FailureScope) => void;

/** What the sidecar calls without the app's token: they say nothing that it has not said itself. */
const WITHOUT_TOKEN: ReadonlySet<string> = new Set([
  METHODS.healthCheck,
  METHODS.listTopicSubscriptions,
  METHODS.listInputBindings,
]);

/** Serves methods; what a function throws outside its own promise fails its own call. */
export function grpcSide({ methods, trusts, limit, log }: GrpcSideOptions): StreamHandler {
  return (stream, headers, scope) => {
    const path = headers[':path'] ?? '';
    const isTrusted = WITHOUT_TOKEN.has(path) || trusts(headers['dapr-api-token']);
    serveUnary(stream, headers, isTrusted ? guarded(methods.get(path), scope, log) : refusal(), limit);
  };
}

function refusal(): GrpcError {
  return new GrpcError(GRPC_STATUS.UNAUTHENTICATED, 'the dapr-api-token is not the one that was agreed on');
}

function guarded(method: UnaryHandler | undefined, scope: FailureScope, log: Log): UnaryHandler | undefined {
  if (method === undefined) return undefined;
  return (message, call) =>
    new Promise((resolve, reject) => {
      const fail = (error: unknown): void => {
        log.error(describeThrown(error));
        reject(error);
      };
      // What a stream emits runs outside of any invocation.
      void scope(fail, async () => {
        try {
          resolve(await method(message, call));
        } catch (error) {
          reject(error);
        }
      });
    });
}
