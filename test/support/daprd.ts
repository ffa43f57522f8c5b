import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { placeOfDaprd } from '../../scripts/daprd.ts';
import { ownPort } from './own-port.ts';
import {
  filesOfResources,
  textOfConfiguration,
  type Component,
  type Spec,
  type Subscription,
} from './dapr-resources.ts';
import { start, type Running } from './process.ts';
import { end, expectPrinted, provided } from './server-process.ts';
import { makeFolder } from './workspace.ts';

/** What a sidecar is started with. */
export interface DaprdOptions {
  readonly appId: string;
  /** Where the app listens on loopback, now or later; there is no app without. */
  readonly appPort?: number;
  /** `http` unless it says otherwise. */
  readonly appProtocol?: 'http' | 'grpc';
  /** Where its HTTP API is to listen; anywhere without. */
  readonly httpPort?: number;
  readonly components?: readonly Component[];
  /** Resources as they are written, by the names of their files. */
  readonly files?: Readonly<Record<string, string>>;
  readonly subscriptions?: readonly Subscription[];
  readonly resiliency?: Spec;
  /** Added to the configuration's spec. */
  readonly configuration?: Spec;
  /** What the sidecar demands of its callers in `dapr-api-token`. */
  readonly apiToken?: string;
  /** What it sends to the app in `dapr-api-token`. */
  readonly appToken?: string;
  /** Where the sidecars of containers reach this one; those of this machine alone do when it is left out. */
  readonly hostIp?: string;
  /** More of its command line, such as `'app-max-concurrency': 1`. */
  readonly flags?: Flags;
}

/** Options of a command line by name. */
type Flags = Readonly<Record<string, string | number | boolean>>;

/** A Dapr sidecar. */
export interface Daprd extends AsyncDisposable {
  readonly httpPort: number;
  readonly grpcPort: number;
  /** Of its HTTP API, without a slash at the end. */
  readonly url: string;
  /** All that it has logged by now. */
  output(): string;
  /** Waits until it has logged `text`. */
  logged(text: string | RegExp): Promise<void>;
  /** Waits until its APIs answer, which need no app. */
  waitOutbound(): Promise<void>;
  /** Waits until it has also found the app listening, and has begun with its subscriptions and bindings. */
  waitReady(): Promise<void>;
  /** Lets it finish what it does, for a second at most. */
  stop(): Promise<void>;
  kill(): Promise<void>;
}

/** Where the sidecars of a test find each other by app id. */
export interface Names {
  readonly file: string;
  /** When the last one that was started has opened the file: SQLite refuses two that open a new one at once. */
  opened: Promise<unknown>;
}

let names: Names | undefined;

/** Starts a sidecar that is gone when the test ends; the sidecars of a test can invoke each other's apps. */
export async function startDaprd(options: DaprdOptions): Promise<Daprd> {
  const program = provided('daprd', await placeOfDaprd());
  const http = options.httpPort ?? (await ownPort());
  const [grpc, internal] = await Promise.all([ownPort(), ownPort()]);
  const flags = {
    ...flagsOfApp(options),
    ...flagsOfResources(options),
    'dapr-http-port': http,
    'dapr-grpc-port': grpc,
    'dapr-listen-addresses': '127.0.0.1',
    'dapr-internal-grpc-port': internal,
    'dapr-internal-grpc-listen-address': options.hostIp ?? '127.0.0.1',
    'dapr-graceful-shutdown-seconds': 1,
    'enable-metrics': false,
    ...options.flags,
  };
  const args = Object.entries(flags).map(([name, value]) => `--${name}=${value}`);
  const child = await startInTurn(program, args, {
    DAPR_HOST_IP: options.hostIp ?? '127.0.0.1',
    ...(options.apiToken === undefined ? {} : { DAPR_API_TOKEN: options.apiToken }),
    ...(options.appToken === undefined ? {} : { APP_API_TOKEN: options.appToken }),
  });
  const logged = async (text: string | RegExp): Promise<void> => void (await expectPrinted(child, text));
  const stop = () => end(child, 'SIGTERM');
  return {
    httpPort: http,
    grpcPort: grpc,
    url: `http://127.0.0.1:${http}`,
    output: () => child.output(),
    logged,
    waitOutbound: () => logged('Internal gRPC server is running'),
    waitReady: () => logged('dapr initialized. Status: Running.'),
    stop,
    kill: () => end(child, 'SIGKILL'),
    [Symbol.asyncDispose]: stop,
  };
}

/** Starts a sidecar once those that were started before it have opened the file of names. */
async function startInTurn(
  program: string,
  args: readonly string[],
  env: Readonly<Record<string, string>>,
): Promise<Running> {
  const registry = namesOfTest();
  const starting = registry.opened.then(() => start(program, args, env));
  registry.opened = starting.then((child) => child.printed('Initialized name resolution'));
  return starting;
}

function flagsOfApp({ appId, appPort, appProtocol = 'http' }: DaprdOptions): Flags {
  const app = { 'app-port': appPort, 'app-protocol': appProtocol, 'app-channel-address': '127.0.0.1' };
  return { 'app-id': appId, ...(appPort === undefined ? {} : app) };
}

function flagsOfResources(options: DaprdOptions): Flags {
  const { components = [], subscriptions = [], resiliency, configuration = {}, files = {} } = options;
  const folder = makeFolder({ 'configuration.yaml': textOfConfiguration(namesOfTest().file, configuration) });
  const resources = makeFolder({ ...filesOfResources(components, subscriptions, resiliency), ...files });
  return { 'resources-path': resources, config: join(folder, 'configuration.yaml') };
}

/** Where those of this test find each other. */
export function namesOfTest(): Names {
  if (names === undefined) {
    names = { file: join(makeFolder(), 'names.db'), opened: Promise.resolve() };
    onTestFinished(() => void (names = undefined));
  }
  return names;
}
