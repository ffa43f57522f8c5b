import type { Log } from '../../base/log.ts';
import { makeClient, type DaprClient } from '../dapr/client.ts';
import { isWrapped, wrapInner } from '../dapr/inner-event.ts';
import { makeOutputs, type Outputs } from '../dapr/outputs.ts';
import { jsonOf, PlainText } from '../dapr/payload.ts';
import { connectSidecar, type Sidecar } from '../dapr/sidecar.ts';
import { findStore, makeState, type State } from '../dapr/state.ts';
import type { Platform } from '../platform.ts';
import { defaultContext } from './default-context.ts';
import type { OpenFunctionRuntime } from './runtime.ts';
import type { OpenFunctionComponent, OpenFunctionContext } from './types.ts';

/** Those of a function by its name. */
export type ServicesOf = (name: string) => RuntimeServices;

/** What a process gives all of its invocations. */
export interface RuntimeServices {
  readonly context: OpenFunctionContext;
  readonly platform: Platform;
  readonly client: DaprClient;
  readonly outputs: Outputs;
  readonly state: State;
  readonly findStore: (db?: string) => OpenFunctionComponent;
  readonly sidecarPort: { readonly HTTP: string; readonly GRPC: string };
  /** Undefined where payloads are sent as they are. */
  readonly wrap: ((payload: unknown, output: OpenFunctionComponent, ctx: OpenFunctionRuntime) => unknown) | undefined;
}

/** Makes those of a process: functions without a context have one with their name. Nothing is connected yet. */
export function makeServicesOf(context: OpenFunctionContext | undefined, platform: Platform, log: Log): ServicesOf {
  const sidecar = connectSidecar(platform);
  const given = context === undefined ? undefined : makeServices(context, platform, log, sidecar);
  return (name) => given ?? makeServices(defaultContext(name), platform, log, sidecar);
}

/** Makes those of a function context. */
function makeServices(context: OpenFunctionContext, platform: Platform, log: Log, sidecar: Sidecar): RuntimeServices {
  const client = makeClient(sidecar);
  return {
    context,
    platform,
    client,
    outputs: makeOutputs(context, client, log),
    state: makeState(context, sidecar),
    findStore: (db) => findStore(context.states, db),
    sidecarPort: { HTTP: platform.httpPort, GRPC: platform.grpcPort },
    wrap: tracesWithSkyWalking(context) ? wrapFor(context, platform) : undefined,
  };
}

/** Then Go functions look for the trace in an envelope of theirs. */
function tracesWithSkyWalking({ pluginsTracing }: OpenFunctionContext): boolean {
  return pluginsTracing?.enabled === true && pluginsTracing.provider?.name.toLowerCase() === 'skywalking';
}

function wrapFor({ name }: OpenFunctionContext, { mode, podNamespace }: Platform): RuntimeServices['wrap'] {
  const sender = { name, namespace: mode === 'self-host' ? undefined : podNamespace };
  return (payload, { componentType }, ctx) => {
    if (ctx.rawDataEnabled || !isWrapped(componentType)) return payload;
    const inner = wrapInner(payload, sender, ctx.innerEvent?.metadata ?? {});
    // Go publishes it as text: as a CloudEvent it would become the envelope itself, of which Go sees the data alone.
    return componentType.startsWith('pubsub') ? new PlainText(jsonOf(inner)) : inner;
  };
}
