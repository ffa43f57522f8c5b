import { AsyncResource } from 'node:async_hooks';
import { createRequire } from 'node:module';
import { setTimeout as pause } from 'node:timers/promises';
import { messageOf } from '../../base/error.ts';
import { asyncHooks } from '../../framework/builtin.ts';
import type { AttributeValue, Instrument, OpenSpan, SpanStart } from '../instrument.ts';
import { LAYERS, tagOf } from './names.ts';
import { COMPONENT } from './segment-message.ts';
import { parseCorrelation, formatCorrelation, type Correlation } from './sw8.ts';

/** What of skywalking-backend-js is used: https://github.com/apache/skywalking-nodejs */
interface AgentSpan {
  operation: string;
  layer: number;
  component: { readonly id: number };
  peer: string;
  readonly id: number;
  readonly context: { readonly segment: { readonly segmentId: unknown }; traceId(): string };
  start(): void;
  stop(): void;
  async(): void;
  resync(): void;
  error(error: Error): unknown;
  tag(tag: { readonly key: string; readonly val: string; readonly overridable: boolean }): unknown;
  inject(): { readonly value: string };
}

interface SpanMaker {
  newEntrySpan(operation: string, carrier?: object): AgentSpan;
  newExitSpan(operation: string, component: object): AgentSpan;
  newLocalSpan(operation: string): AgentSpan;
}

/** The agent, and what is needed of its insides. */
export interface AppAgent {
  readonly default: { start(config: object): void; flush(): Promise<unknown> | null };
  readonly ContextManager: { readonly current: SpanMaker };
  readonly carrierFrom: (headers: Readonly<Record<string, string>>) => object | undefined;
}

const NAME = 'skywalking-backend-js';
/** Attempts to send at the end, and milliseconds between two. */
const ATTEMPTS = 50;
const PAUSE = 20;

/** The application's own agent; undefined where it has none. */
export function findAppAgent(modulePath: string): AppAgent | undefined {
  const load = createRequire(modulePath);
  try {
    load.resolve(NAME);
  } catch {
    return undefined;
  }
  const agent: Omit<AppAgent, 'carrierFrom'> = load(NAME);
  const { ContextCarrier }: { ContextCarrier: { from: AppAgent['carrierFrom'] } } = load(
    `${NAME}/lib/trace/context/ContextCarrier`,
  );
  return { ...agent, default: agent.default, ContextManager: agent.ContextManager, carrierFrom: ContextCarrier.from };
}

/** Makes spans by the application's own agent, above those of its plugins. */
export function agentInstrument(agent: AppAgent, config: object, correlation: Correlation): Instrument {
  // Those two would make the spans of requests that are made here.
  agent.default.start({ ...config, disablePlugins: 'http,express' });
  const running = new asyncHooks.AsyncLocalStorage<OpenSpan>();
  return {
    begin(start) {
      const outer = running.getStore();
      const above = outer instanceof AgentOpenSpan ? outer.correlation : {};
      const carried = start.carrier === undefined ? above : parseCorrelation(start.carrier);
      const span = new AgentOpenSpan(makeSpan(agent, start), { ...carried, ...correlation });
      for (const [name, value] of Object.entries(start.attributes())) if (value !== undefined) span.set(name, value);
      return span;
    },
    within: (span, act) =>
      running.run(span, () =>
        // The agent changes the store of whatever runs, which ends with this.
        new AsyncResource('OpenFunctionSpan').runInAsyncScope(() => {
          if (span instanceof AgentOpenSpan) span.resume();
          return act();
        }),
      ),
    current: () => running.getStore(),
    async flush() {
      // Until it is connected the agent keeps what it has; at the end of the process that would be lost.
      for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
        const sending = agent.default.flush();
        if (sending === null) return;
        await sending;
        await pause(PAUSE);
      }
    },
  };
}

/** Begins one and takes it off the agent's stack again, on which only code below it may find it. */
function makeSpan({ ContextManager, carrierFrom }: AppAgent, start: SpanStart): AgentSpan {
  const { name, kind, carrier, peer } = start;
  const component = { id: COMPONENT };
  const { current } = ContextManager;
  const sw8 = carrier?.('sw8');
  const span =
    kind === 'server' || kind === 'consumer'
      ? current.newEntrySpan(name, sw8 === undefined ? undefined : carrierFrom({ sw8 }))
      : kind === 'internal'
        ? current.newLocalSpan(name)
        : current.newExitSpan(name, component);
  span.component = component;
  span.layer = LAYERS[kind];
  span.peer = peer ?? '';
  span.start();
  span.async();
  return span;
}

class AgentOpenSpan implements OpenSpan {
  readonly correlation: Correlation;
  private readonly span: AgentSpan;

  constructor(span: AgentSpan, correlation: Correlation) {
    this.span = span;
    this.correlation = correlation;
  }

  get traceId(): string {
    return this.span.context.traceId();
  }

  get spanId(): string {
    return `${String(this.span.context.segment.segmentId)}-${this.span.id}`;
  }

  resume(): void {
    this.span.resync();
  }

  set(key: string, value: AttributeValue): void {
    this.span.tag({ key: tagOf(key), val: String(value), overridable: true });
  }

  fail(reason: unknown): void {
    this.span.error(reason instanceof Error ? reason : new Error(messageOf(reason)));
  }

  end(): void {
    this.span.stop();
  }

  headers(): Readonly<Record<string, string>> {
    const correlation = formatCorrelation(this.correlation);
    const { value: sw8 } = this.span.inject();
    // Beyond a number of segments a second the agent makes spans of nothing.
    if (sw8 === '') return {};
    return correlation === '' ? { sw8 } : { sw8, 'sw8-correlation': correlation };
  }
}
