import type { ApplicationOptions } from './options.ts';
import type { AsyncSide } from '../dapr/async-side.ts';
import type { Deliver } from '../dapr/deliver.ts';
import type { StreamHandler } from '../dapr/grpc-side.ts';
import type { Gate } from '../http/gate.ts';
import type { FunctionServer, ServerOptions } from '../http/server.ts';
import { once } from './once.ts';
import type { Served } from './routes.ts';

/** The paths of Dapr's services of an app. */
const CALLBACK_PATHS = '/dapr.proto.runtime.v1.AppCallback';

/** Takes the sidecar's calls over gRPC, with the code for them loaded when the first comes. */
export function takeCallbacks(load: () => Promise<StreamHandler>): NonNullable<ServerOptions['takeStream']> {
  const handler = once(load);
  return (stream, headers, scope) => {
    if (headers[':path']?.startsWith(CALLBACK_PATHS) !== true) return false;
    void handler().then((handle) => handle(stream, headers, scope));
    return true;
  };
}

/** A function that takes no messages tells so, and answers what other applications invoke. */
export async function appCallbackOf(
  messages: AsyncSide | undefined,
  served: readonly Served[],
  { platform, bodyLimit: limit, companion, log, ...limits }: ApplicationOptions,
  { app, gate }: { readonly app: FunctionServer; readonly gate: Gate | undefined },
): Promise<StreamHandler> {
  const { createAppCallback } = await import('../dapr/app-callback.ts');
  const { withoutMessages } = await import(/* webpackChunkName: "openfunction" */ '../dapr/async-side.ts');
  const server = served.length === 0 && companion === undefined ? undefined : app.server;
  const side = messages ?? withoutMessages(platform);
  const deliver = gate === undefined ? side.deliver : gateDeliver(side.deliver, gate);
  return createAppCallback({ ...side, deliver, isDraining: () => app.draining, limit, limits, log, server });
}

/** Messages wait like requests; those that are refused come again. */
function gateDeliver(deliver: Deliver, gate: Gate): Deliver {
  return (message, isGone) =>
    new Promise((resolve) => {
      gate.enter(
        () => resolve(deliver(message, isGone)),
        () => resolve({ verdict: 'RETRY', reason: 'the function is not ready, or is ending' }),
      );
    });
}
