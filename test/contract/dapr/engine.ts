import type { Component } from '../../support/dapr-resources.ts';

/** How a sidecar calls a function. */
export type Protocol = 'http' | 'grpc';

/** What a sidecar is started with. */
export interface EngineOptions {
  readonly components: readonly Component[];
  /** The function's, which listens there now or later. */
  readonly app: { readonly port: number; readonly protocol: Protocol };
  /** Ports of other apps by their ids; they speak HTTP. */
  readonly others?: Readonly<Record<string, number>>;
  /** How often messages of these components are delivered all in all, and milliseconds between. */
  readonly retries?: { readonly components: readonly string[]; readonly attempts: number; readonly pause: number };
  readonly apiToken?: string;
  readonly appToken?: string;
}

/** A sidecar. */
export interface RunningEngine {
  /** Of its HTTP API. */
  readonly url: string;
  /** What the function needs to find it. */
  readonly env: Readonly<Record<string, string>>;
  /** Waits until it delivers; the function has to listen by then. */
  ready(): Promise<void>;
}

/** A component with what is behind it. */
export interface Source {
  readonly component: Component;
  /** Has it deliver, to a sidecar that is ready. */
  emit(payload: string): Promise<void>;
}

/** An output with what is behind it. */
export interface Sink {
  readonly component: Component;
  /** What arrived last, as text. */
  last(): Promise<string>;
}

/** What delivers messages: daprd, or the fake that stands for it. */
export interface Engine {
  /** Types of pub/sub components that it has. */
  readonly brokers: readonly string[];
  /** The last of them, when it keeps messages that are not acknowledged, however often they fail. */
  readonly keepsTrying: boolean;
  /** Types of state stores. */
  readonly stores: readonly string[];
  /**
   * A broker of such a type, or a state store. One that is `impatient` delivers again after half a second what nobody has
   * acknowledged, others after a minute.
   */
  store(name: string, type: string, impatient?: boolean): Promise<Component>;
  /** A timer that goes off each second. */
  timer(name: string): Source;
  mqtt(name: string): Promise<Source>;
  /** What is posted is answered with `{"stored":true}`. */
  web(name: string): Promise<Sink>;
  /** A file `a.txt`. */
  file(name: string): Sink;
  start(options: EngineOptions): Promise<RunningEngine>;
}
