import type { DaprClient, InvokeOptions, Metadata } from '../dapr/client.ts';
import type { InnerEvent } from '../dapr/inner-event.ts';
import type { BindingEvent, Message, TopicEvent } from '../dapr/message.ts';
import type { SendResult, Wrap } from '../dapr/outputs.ts';
import type { State } from '../dapr/state.ts';
import { decodeCloudEvent } from '../event/decode.ts';
import { isBinary } from '../event/binary.ts';
import type { CloudEvent } from '../functions.ts';
import { mediaTypeOf } from '../http/content-type.ts';
import type { Request, Response } from '../http/types.ts';
import type { PluginLike } from '../plugin/plugin.ts';
import { componentNamed } from './components.ts';
import { GoNamed } from './go-members.ts';
import { Out, type FailOptions } from './out.ts';
import type { RuntimeServices } from './services.ts';
import type { OpenFunctionComponent, OpenFunctionContext } from './types.ts';

const BRAND = Symbol.for('openfunction.functions-framework.runtime');

/**
 * The first argument of an OpenFunction function, a new one for each invocation. The keys of the function context are
 * its members too: `ctx.name`, `ctx.outputs` and so on.
 */
export class OpenFunctionRuntime extends GoNamed {
  /** What the process gives all of its invocations. */
  declare readonly services: RuntimeServices;
  /** The request; undefined when a message from Dapr is handled. */
  req: Request | undefined;
  /** The response; what is sent through it is the answer. */
  res: Response | undefined;
  /** The message from Dapr; undefined when a request is handled. */
  message: Message | undefined;
  /** Free for the function and its plugins to use. */
  locals: Record<string, unknown> = {};
  /** What the function gets; pre hooks may change it. */
  data: unknown = undefined;
  /** What the function returned; post hooks may change it. */
  result: unknown = undefined;
  /** What the function threw, for post hooks. */
  error: Error | undefined = undefined;
  /** The outcome that `success` or `fail` was called for. */
  out: Out | undefined = undefined;
  /** Outputs get payloads as they are, also where tracing would wrap them. */
  rawDataEnabled = false;

  /** Functions and the server may have a copy of this class each. */
  static override [Symbol.hasInstance](value: unknown): boolean {
    if (this !== OpenFunctionRuntime) return Function.prototype[Symbol.hasInstance].call(this, value);
    return typeof value === 'object' && value !== null && BRAND in value;
  }

  constructor(req?: Request, res?: Response, message?: Message) {
    super();
    this.req = req;
    this.res = res;
    this.message = message;
  }

  /** Sets what started this invocation. */
  setTrigger(req: Request, res?: Response): void {
    this.req = req;
    this.res = res;
  }

  /**
   * Sends a payload to an output of the function context by its name, or to all of them. Never rejects: the results say
   * what became of each, a topic that could not be reached being fulfilled with false.
   */
  send(payload: unknown, output?: string): Promise<SendResult> {
    const { outputs, context, wrap } = this.services;
    const bound: Wrap | undefined = wrap === undefined ? undefined : (value, to) => wrap(value, to, asInvocation(this));
    const isOutput = (name: unknown): name is string =>
      typeof name === 'string' && componentNamed(context.outputs, name) !== undefined;
    return isOutput(payload) && output !== undefined && !isOutput(output)
      ? outputs.send(output, payload, bound)
      : outputs.send(payload, output, bound);
  }

  /** Publishes to a topic of any pub/sub component; rejects when that failed. */
  publish(component: string, topic: string, payload: unknown, metadata?: Metadata): Promise<void> {
    return this.dapr.publish(component, topic, payload, metadata);
  }

  /** Calls a method of another application by its app-id; gives its answer, or rejects when that is none of 2xx. */
  invoke(appId: string, method: string, data?: unknown, options?: InvokeOptions): Promise<unknown> {
    return this.dapr.invoke(appId, method, data, options);
  }

  /** The state stores of the function context. */
  get state(): State {
    return this.services.state;
  }

  /** A state store of the function context by its key, or the first. */
  getState(db?: string): OpenFunctionComponent {
    return this.services.findStore(db);
  }

  /** All of Dapr's HTTP API. */
  get dapr(): DaprClient {
    return this.services.client;
  }

  /** A plugin by its name, this call's own where it has one; undefined when there is none. */
  getPlugin(name: string): PluginLike | undefined {
    return this.services.plugin(name, asInvocation(this));
  }

  /** The ports of the Dapr sidecar, numbers as text. */
  get sidecarPort(): { readonly HTTP: string; readonly GRPC: string } {
    return this.services.sidecarPort;
  }

  /** Marks this invocation as a success; also to be returned. */
  success(data?: unknown): Out {
    return (this.out = new Out(200, data));
  }

  /** Marks this invocation as failed; also to be returned. A message is delivered again, unless `retry` is false. */
  fail(error?: unknown, { retry }: FailOptions = {}): Out {
    const out = new Out(500, undefined, error);
    if (retry !== undefined) out.metadata['retry'] = String(retry);
    return (this.out = out);
  }

  /** The key of the input in the function context that the message came by; undefined for requests. */
  get inputName(): string | undefined {
    return this.message?.inputName;
  }

  /** What an input binding read; undefined for anything else. */
  get bindingEvent(): BindingEvent | undefined {
    return this.message?.bindingEvent;
  }

  /** A topic's message; undefined for anything else. */
  get topicEvent(): TopicEvent | undefined {
    return this.message?.topicEvent;
  }

  /** The envelope of a Go function's message, which has been opened already; undefined where there is none. */
  get innerEvent(): InnerEvent | undefined {
    return this.message?.innerEvent;
  }

  /** What started this invocation: the event of a binding, of a topic, or a CloudEvent; undefined for other requests. */
  get event(): BindingEvent | TopicEvent | CloudEvent | undefined {
    return this.bindingEvent ?? this.topicEvent ?? this.cloudEvent;
  }

  /** The bytes that came in; undefined for a request without a body. */
  get rawData(): Buffer | undefined {
    return this.message === undefined ? this.req?.rawBody : this.message.rawData;
  }

  /** The CloudEvent that a request or a topic's message carries; undefined when there is none. */
  get cloudEvent(): CloudEvent | undefined {
    const { req, message } = this;
    if (message !== undefined) return message.bindingEvent === undefined ? message.cloudEvent : undefined;
    if (req === undefined) return undefined;
    const carriesOne =
      isBinary(req.headers) || mediaTypeOf(req.headers['content-type']) === 'application/cloudevents+json';
    if (!carriesOne) return undefined;
    const decoded = decodeCloudEvent(req, { strict: false, warn: () => {} });
    return 'event' in decoded ? decoded.event : undefined;
  }
}
Object.defineProperty(OpenFunctionRuntime.prototype, BRAND, { value: true });

/** The members that the function context adds to `OpenFunctionRuntime`. */
export type OpenFunctionInvocation = OpenFunctionRuntime & Partial<OpenFunctionContext>;

/** Every context is of a class that `bindRuntime` has made. */
function asInvocation(ctx: OpenFunctionRuntime): OpenFunctionInvocation {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- which has the keys of the function context
  return ctx as OpenFunctionInvocation;
}

/** A class of invocations. */
export type RuntimeClass = new (req?: Request, res?: Response, message?: Message) => OpenFunctionInvocation;
