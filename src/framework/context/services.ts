import type { Log } from '../../base/log.ts';
import { makeClient, type DaprClient } from '../dapr/client.ts';
import { isWrapped, wrapInner } from '../dapr/inner-event.ts';
import { makeOutputs, type Outputs } from '../dapr/outputs.ts';
import { jsonOf, PlainText } from '../dapr/payload.ts';
import { connectSidecar, type Sidecar } from '../dapr/sidecar.ts';
import { findStore, makeState, type State } from '../dapr/state.ts';
import type { Extensions } from '../extensions.ts';
import type { Platform } from '../platform.ts';
import type { Around } from '../plugin/hooks.ts';
import type { PluginLike } from '../plugin/plugin.ts';
import type { Tracer } from '../tracer.ts';
import { defaultContext } from './default-context.ts';
import type { OpenFunctionInvocation } from './runtime.ts';
import type { OpenFunctionComponent, OpenFunctionContext } from './types.ts';

/** Those of a function by its name. */
export type ServicesOf = (name: string) => RuntimeServices;

/** What a process gives all of its invocations. */
export interface RuntimeServices {
  readonly context: OpenFunctionContext;
  readonly platform: Platform;
  readonly client: DaprClient;
  /** What traces and logs call the function: its context's name, its own where the context has several. */
  readonly functionName: string;
  readonly outputs: Outputs;
  readonly state: State;
  readonly findStore: (db?: string) => OpenFunctionComponent;
  readonly sidecarPort: { readonly HTTP: string; readonly GRPC: string };
  /** Runs plugins around calls; undefined where there are none. */
  readonly around: Around | undefined;
  /** The same for functions of other signatures. */
  readonly aroundOthers: Around | undefined;
  /** A plugin by its name, as that call has it. */
  readonly plugin: (name: string, ctx: OpenFunctionInvocation) => PluginLike | undefined;
  /** Undefined where payloads are sent as they are. */
  readonly wrap:
    | ((payload: unknown, output: OpenFunctionComponent, ctx: OpenFunctionInvocation) => unknown)
    | undefined;
}

/** Makes those of a process: functions without a context have one with their name. Nothing is connected yet. */
export function makeServicesOf(
  context: OpenFunctionContext | undefined,
  platform: Platform,
  log: Log,
  extensions: Extensions = NONE,
  hasSeveral = false,
): ServicesOf {
  const sidecar = tracedSidecar(connectSidecar(platform), extensions.tracer);
  const make = (one: OpenFunctionContext): RuntimeServices => makeServices(one, platform, log, sidecar, extensions);
  const given = context === undefined ? undefined : make(context);
  if (given === undefined) return (name) => make(defaultContext(name));
  return hasSeveral ? (functionName) => ({ ...given, functionName }) : () => given;
}

const NONE: Extensions = { around: undefined, aroundOthers: undefined, tracer: undefined, plugin: () => undefined };

function tracedSidecar(sidecar: Sidecar, tracer: Tracer | undefined): Sidecar {
  if (tracer === undefined) return sidecar;
  return { ...sidecar, call: (call) => tracer.send(call, (one) => sidecar.call(one)) };
}

/** Makes those of a function context. */
function makeServices(
  context: OpenFunctionContext,
  platform: Platform,
  log: Log,
  sidecar: Sidecar,
  { around, aroundOthers, tracer, plugin }: Extensions,
): RuntimeServices {
  const client = makeClient(sidecar);
  return {
    functionName: context.name,
    context,
    platform,
    client,
    outputs: makeOutputs(context, client, log),
    state: makeState(context, sidecar),
    findStore: (db) => findStore(context.states, db),
    sidecarPort: { HTTP: platform.httpPort, GRPC: platform.grpcPort },
    around,
    aroundOthers,
    plugin,
    wrap: tracesWithSkyWalking(context) || tracer?.innerMetadata ? wrapFor(context, platform, tracer) : undefined,
  };
}

/** Then Go functions look for the trace in an envelope of theirs. */
function tracesWithSkyWalking({ pluginsTracing }: OpenFunctionContext): boolean {
  return pluginsTracing?.enabled === true && pluginsTracing.provider?.name.toLowerCase() === 'skywalking';
}

function wrapFor(
  { name }: OpenFunctionContext,
  { mode, podNamespace }: Platform,
  tracer: Tracer | undefined,
): RuntimeServices['wrap'] {
  const sender = { name, namespace: mode === 'self-host' ? undefined : podNamespace };
  return (payload, output, ctx) => {
    if (ctx.rawDataEnabled || !isWrapped(output.componentType)) return payload;
    const inner = wrapInner(payload, sender, { ...ctx.innerEvent?.metadata, ...tracer?.innerMetadata?.(ctx, output) });
    // Go publishes it as text: as a CloudEvent it would become the envelope itself, of which Go sees the data alone.
    return output.componentType.startsWith('pubsub') ? new PlainText(jsonOf(inner)) : inner;
  };
}
