import { messageOf } from '../../base/error.ts';
import { asyncHooks } from '../../framework/builtin.ts';
import type { Carrier } from '../../framework/dapr/carrier.ts';
import type { AttributeValue, Attributes, Instrument, OpenSpan, SpanKind } from '../instrument.ts';

/** What of @opentelemetry/api is used: https://open-telemetry.github.io/opentelemetry-js/modules/_opentelemetry_api.html */
interface ApiContext {
  getValue(key: symbol): unknown;
  setValue(key: symbol, value: unknown): ApiContext;
}

interface ApiSpan {
  spanContext(): { readonly traceId: string; readonly spanId: string };
  setAttribute(name: string, value: AttributeValue): unknown;
  setStatus(status: { readonly code: number; readonly message?: string }): unknown;
  recordException(error: unknown): void;
  end(): void;
}

interface ApiTracer {
  startSpan(
    name: string,
    options: { readonly kind: number; readonly attributes: Attributes },
    above: ApiContext,
  ): ApiSpan;
}

/** Those who have registered themselves. */
export interface RegisteredApi {
  readonly trace: { getTracer(name: string, version: string): ApiTracer };
  readonly context: {
    active(): ApiContext;
    with<T>(context: ApiContext, act: () => T): T;
  };
  readonly propagation?: {
    inject(context: ApiContext, headers: Record<string, string>, setter: Setter): void;
    extract(context: ApiContext, carrier: Carrier, getter: Getter): ApiContext;
  };
}

interface Setter {
  set(headers: Record<string, string>, name: string, value: string): void;
}

interface Getter {
  get(carrier: Carrier, name: string): string | undefined;
  keys(): string[];
}

const GLOBAL = Symbol.for('opentelemetry.js.api.1');
const SPAN = Symbol.for('OpenTelemetry Context Key SPAN');
const STATUS_ERROR = 2;
const KINDS: Readonly<Record<SpanKind, number>> = { internal: 0, server: 1, client: 2, producer: 3, consumer: 4 };
const SETTER: Setter = { set: (headers, name, value) => (headers[name] = value) };
const GETTER: Getter = { get: (carrier, name) => carrier(name.toLowerCase()), keys: () => [] };

/** What the application has registered through @opentelemetry/api, of whichever copy; undefined when that is no tracer. */
export function registeredApi(globals: object): RegisteredApi | undefined {
  const api: unknown = Reflect.get(globals, GLOBAL);
  if (typeof api !== 'object' || api === null || !('trace' in api) || !('context' in api)) return undefined;
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the package sees to it
  return api as unknown as RegisteredApi;
}

/** Makes spans by the application's own provider, below and above those that its instrumentations make. */
export function appInstrument(
  api: RegisteredApi,
  scope: { readonly name: string; readonly version: string },
): Instrument {
  const tracer = api.trace.getTracer(scope.name, scope.version);
  const running = new asyncHooks.AsyncLocalStorage<OpenSpan>();
  return {
    begin({ name, kind, attributes, carrier }) {
      const active = api.context.active();
      // An instrumentation of the server has read the headers already.
      const isInside = active.getValue(SPAN) !== undefined;
      const above =
        carrier === undefined || isInside ? active : (api.propagation?.extract(active, carrier, GETTER) ?? active);
      const isInner = isInside && kind === 'server';
      const span = tracer.startSpan(
        name,
        { kind: KINDS[isInner ? 'internal' : kind], attributes: attributes() },
        above,
      );
      return new AppSpan(api, span, above.setValue(SPAN, span));
    },
    within(span, act) {
      const { context } = span instanceof AppSpan ? span : { context: api.context.active() };
      return api.context.with(context, () => running.run(span, act));
    },
    current: () => running.getStore(),
    // Sending is up to the application, whose provider has processors and a shutdown of its own.
    flush: () => Promise.resolve(),
  };
}

class AppSpan implements OpenSpan {
  readonly context: ApiContext;
  private readonly api: RegisteredApi;
  private readonly span: ApiSpan;

  constructor(api: RegisteredApi, span: ApiSpan, context: ApiContext) {
    this.api = api;
    this.span = span;
    this.context = context;
  }

  get traceId(): string {
    return this.span.spanContext().traceId;
  }

  get spanId(): string {
    return this.span.spanContext().spanId;
  }

  set(name: string, value: AttributeValue): void {
    this.span.setAttribute(name, value);
  }

  fail(reason: unknown): void {
    if (typeof reason !== 'string') this.span.recordException(reason);
    this.span.setStatus({ code: STATUS_ERROR, message: messageOf(reason) });
  }

  end(): void {
    this.span.end();
  }

  headers(): Readonly<Record<string, string>> {
    const headers: Record<string, string> = {};
    this.api.propagation?.inject(this.context, headers, SETTER);
    return headers;
  }
}
