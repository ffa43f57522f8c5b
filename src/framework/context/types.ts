/** Whether a function answers requests or takes messages from Dapr; contexts spell it with a capital letter. */
export const RuntimeType = { Knative: 'knative', Async: 'async' } as const;
export type RuntimeType = (typeof RuntimeType)[keyof typeof RuntimeType];

/** The first part of a component's type. */
export const ComponentType = { Binding: 'bindings', PubSub: 'pubsub', State: 'state' } as const;
export type ComponentType = (typeof ComponentType)[keyof typeof ComponentType];

/** Who takes the traces. */
export const TraceProviderType = { SkyWalking: 'skywalking', OpenTelemetry: 'opentelemetry' } as const;
export type TraceProviderType = (typeof TraceProviderType)[keyof typeof TraceProviderType];

/** A Dapr component that a function takes messages from, sends to or keeps state in. */
export interface OpenFunctionComponent {
  readonly componentName: string;
  /** Such as `bindings.kafka`, `pubsub.redis` or `state.redis`. */
  readonly componentType: string;
  /** The topic of a pub/sub component. */
  readonly uri?: string;
  /** The operation of an output binding, such as `create`. */
  readonly operation?: string;
  readonly metadata?: Readonly<Record<string, string>>;
}

/** Where traces go, and how. */
export interface TraceProvider {
  readonly name: string;
  /** The collector of SkyWalking, `host:port`. */
  readonly oapServer?: string;
  readonly exporter?: {
    readonly name: string;
    readonly endpoint: string;
    readonly headers?: string;
    readonly compression?: string;
    readonly timeout?: string;
    readonly protocol?: string;
  };
}

/** The tracing part of a function context. */
export interface TraceConfig {
  readonly enabled: boolean;
  readonly provider?: TraceProvider;
  readonly tags?: Readonly<Record<string, string>>;
  readonly baggage?: Readonly<Record<string, string>>;
}

/** One input of a v1beta2 context's `triggers.dapr`. */
export interface DaprTrigger {
  readonly name: string;
  readonly type?: string;
  readonly topic?: string;
  readonly inputName?: string;
}

/**
 * What OpenFunction's controller tells a function about itself, normalised from `FUNC_CONTEXT` and
 * `FUNC_CONTEXT_V1BETA2`: https://github.com/OpenFunction/functions-framework. Keys of its own are kept.
 */
export interface OpenFunctionContext {
  readonly name: string;
  readonly version: string;
  readonly runtime: Capitalize<RuntimeType>;
  /** A number as text; undefined when the context names none. */
  readonly port?: string;
  readonly inputs: Readonly<Record<string, OpenFunctionComponent>>;
  readonly outputs: Readonly<Record<string, OpenFunctionComponent>>;
  readonly states: Readonly<Record<string, OpenFunctionComponent>>;
  readonly prePlugins: readonly string[];
  readonly postPlugins: readonly string[];
  readonly pluginsTracing?: TraceConfig;
  /** Of v1beta2: what starts the function. */
  readonly triggers?: { readonly http?: Readonly<Record<string, unknown>>; readonly dapr?: readonly DaprTrigger[] };
  /** Of v1beta2: components that an HTTP function pulls from. */
  readonly bindingsIn?: Readonly<Record<string, OpenFunctionComponent>>;
  readonly [key: string]: unknown;
}
