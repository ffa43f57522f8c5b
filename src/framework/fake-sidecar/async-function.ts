import type { Log } from '../../base/log.ts';
import { createApplication } from '../application.ts';
import { normalizeContext } from '../context/normalize.ts';
import type { OpenFunctionComponent, OpenFunctionContext } from '../context/types.ts';
import type { NamedFunction } from '../loader.ts';
import { readOptions } from '../options.ts';
import { readPlatform } from '../platform.ts';
import { registry } from '../registry.ts';
import type { OpenFunction } from '../signature/openfunction.ts';
import type { BindingOutcome } from './app-channel.ts';
import type { BindingCall } from './bindings-api.ts';
import type { Delivery } from './broker.ts';
import type { ComponentKind, FakeComponent } from './component.ts';
import { startFakeSidecar, type FakeSidecar, type FakeSidecarOptions, type PublishOptions } from './fake-sidecar.ts';
import type { FakeState } from './views.ts';

/** What a function is served with; everything of the sidecar's but `appId` is as it is there. */
export interface AsyncFunctionOptions extends FakeSidecarOptions {
  /** The function context; its components are the sidecar's too. */
  readonly context: Partial<OpenFunctionContext>;
  /** How the sidecar calls the function: `http` when it is left out. */
  readonly protocol?: 'http' | 'grpc';
  /** Options of the framework and of the platform by their variables, such as `OPENFUNCTION_PUBSUB_ON_ERROR`. */
  readonly env?: Readonly<Record<string, string>>;
}

/** What was sent to an output of a function. */
export interface Sent {
  readonly data: unknown;
  /** Of a binding. */
  readonly operation?: string;
  /** Of a binding; what a message had of it is gone. */
  readonly metadata?: Readonly<Record<string, string>>;
}

/** A function that takes messages, served beside a fake sidecar. */
export interface AsyncFunction extends AsyncDisposable {
  readonly sidecar: FakeSidecar;
  /** Where the function listens on loopback. */
  readonly port: number;
  /** What was logged as errors, such as the stacks of what the function threw. */
  readonly errors: readonly string[];
  /** Sends a message to the topic of an input, and tells what became of it. */
  publish(input: string, data: unknown, options?: PublishOptions): Promise<Delivery>;
  /** Has the binding of an input deliver; undefined as data is nothing, as a timer sends it. */
  trigger(input: string, data?: unknown, metadata?: Readonly<Record<string, string>>): Promise<BindingOutcome>;
  /** What the function sent to an output, in its order. */
  sent(output: string): Sent[];
  /** The states behind a key of `states`, the first one when it is left out. */
  state(key?: string): FakeState;
  /** Messages that went to dead letter topics. */
  readonly deadLetters: readonly Delivery[];
  /** Waits until all messages are handled, those too that others led to; rejects when that takes 5 s, or `timeout` ms. */
  idle(timeout?: number): Promise<void>;
  /** Ends the function's server and the sidecar. */
  close(): Promise<void>;
}

/** Serves a function, or the one that is declared under a name, beside a fake sidecar. */
export async function startAsyncFunction(
  target: OpenFunction | string,
  options: AsyncFunctionOptions,
): Promise<AsyncFunction> {
  const fn = functionOf(target);
  const context = contextOf(fn.name, options.context);
  const sidecar = await startFakeSidecar({
    appId: context.name,
    ...options,
    components: [...componentsOf(context), ...(options.components ?? [])],
  });
  const errors: string[] = [];
  const app = await createApplication(
    { modulePath: '', functions: [fn], lifecycle: {} },
    {
      ...readOptions({ env: options.env ?? {}, flags: {}, cwd: '/' }),
      functionContext: context,
      platform: readPlatform({ ...sidecar.env, ...options.env }),
      tracer: undefined,
      production: false,
      log: logTo(errors),
      usage: () => ({ residentBytes: 0, cpuSeconds: 0 }),
    },
  );
  const port = await app.listen(0, '127.0.0.1');
  await sidecar.attach({ port, protocol: options.protocol ?? 'http' });
  const close = async (): Promise<void> => {
    await sidecar.close();
    await app.close(0);
  };
  return {
    ...driverOf(sidecar, context),
    get deadLetters() {
      return sidecar.deliveries.filter(({ deadLetterTopic }) => deadLetterTopic !== undefined);
    },
    sidecar,
    port,
    errors,
    close,
    [Symbol.asyncDispose]: close,
  };
}

function functionOf(target: OpenFunction | string): NamedFunction {
  if (typeof target === 'function') {
    const name = target.name || 'function';
    return { name, signatureType: 'openfunction', handler: target, options: {}, google: false, declared: false };
  }
  const declared = registry().get(target);
  if (declared !== undefined) return { ...declared, name: target, declared: true };
  const names = [...registry().keys()].join(', ') || 'none';
  throw new Error(`No function is declared under the name "${target}"; there are: ${names}.`);
}

/** As the function gets it from its environment. */
function contextOf(name: string, given: Partial<OpenFunctionContext>): OpenFunctionContext {
  const { context } = normalizeContext(JSON.stringify({ name, runtime: 'Async', ...given }), undefined);
  if (context === undefined) throw new Error('The function context is no object.');
  return context;
}

/** Each once, whatever it is used for. */
function componentsOf({ inputs, outputs, states }: OpenFunctionContext): FakeComponent[] {
  const all = [
    ...Object.values(inputs).map(({ componentName, componentType }) => ({ name: componentName, type: componentType })),
    ...[outputs, states].flatMap(Object.values).map(outputOf),
  ];
  return [...new Map(all.toReversed().map((component) => [component.name, component])).values()];
}

/** The app is not asked whether it listens to what it sends to. */
function outputOf({ componentName, componentType }: OpenFunctionComponent): FakeComponent {
  return { name: componentName, type: componentType, metadata: { direction: 'output' } };
}

function logTo(errors: string[]): Log {
  return { debug() {}, info() {}, warn() {}, error: (line) => void errors.push(line) };
}

type Driver = Pick<AsyncFunction, 'publish' | 'trigger' | 'sent' | 'state' | 'idle'>;

function driverOf(sidecar: FakeSidecar, { inputs, outputs, states }: OpenFunctionContext): Driver {
  return {
    async publish(input, data, options) {
      const { componentName, uri = '' } = find('input', inputs, input, 'pubsub');
      const [delivery] = await sidecar.publish(componentName, uri, data, options);
      if (delivery === undefined) throw new Error(`The function did not subscribe to ${componentName}/${uri}.`);
      return delivery;
    },
    trigger: async (input, data, metadata) =>
      sidecar.trigger(find('input', inputs, input, 'bindings').componentName, data, metadata),
    sent(output) {
      const { componentName, componentType, uri } = find('output', outputs, output);
      if (componentType.startsWith('bindings')) {
        return sidecar.bindingCalls.filter(({ binding }) => binding === componentName).map(sentTo);
      }
      const messages = sidecar.published.filter(({ pubsub, topic }) => pubsub === componentName && topic === uri);
      return messages.map(({ data }) => ({ data }));
    },
    state: (key = Object.keys(states)[0]) => sidecar.state(find('state', states, key ?? '').componentName),
    idle: (timeout) => sidecar.idle(timeout),
  };
}

function sentTo({ data, operation, metadata }: BindingCall): Sent {
  return { data, operation, metadata };
}

/** Throws what there is instead. */
function find(
  what: string,
  components: OpenFunctionContext['inputs'],
  name: string,
  kind?: ComponentKind,
): OpenFunctionComponent {
  const found = components[name];
  const isRight = (type: string): boolean => kind === undefined || type.split('.')[0] === kind;
  if (found !== undefined && isRight(found.componentType)) return found;
  const names = Object.keys(components).filter((one) => isRight(components[one]?.componentType ?? ''));
  const wanted = kind === undefined ? what : `${what} of ${kind}`;
  throw new Error(`The function context has no ${wanted} "${name}"; there are: ${names.join(', ') || 'none'}.`);
}
