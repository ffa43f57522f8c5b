// Measures async functions beside bare handlers and Dapr's SDK, interleaved: CPU per message over HTTP and gRPC, start.
import { spawn, type ChildProcess } from 'node:child_process';
import { cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { get } from 'node:http';
import { connect } from 'node:http2';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { encodeBindingEventRequest } from '../src/framework/grpc/binding.ts';
import { callUnary } from '../src/framework/grpc/call-unary.ts';
import { encodeFrame } from '../src/framework/grpc/frame.ts';
import { APP_CALLBACK_METHODS } from '../src/framework/grpc/methods.ts';
import { encodeTopicEventRequest } from '../src/framework/grpc/topic-event.ts';
import { ROOT } from './cache.ts';
import { needPrograms, read, run } from './command.ts';
import { cpuOf, machine, push, rounded, spread, stop, type Spread } from './measure.ts';
import { freePort } from './port.ts';

const ROUNDS = Number(process.argv[2] ?? 5);
const SECONDS = 3;
const STARTS = 5;
const PROTOCOLS = ['HTTP', 'GRPC'] as const;
const KINDS = ['topic', 'binding'] as const;
const NAMES = ['bare', 'ours', 'sdk'] as const;
type Protocol = (typeof PROTOCOLS)[number];
type Kind = (typeof KINDS)[number];
type Name = (typeof NAMES)[number];

/** What is started; the framework as an image starts it, without arguments. */
const PROGRAMS: Readonly<Record<Name, (protocol: Protocol) => string>> = {
  bare: (protocol) => `bare-${protocol.toLowerCase()}.cjs`,
  ours: () => join(ROOT, 'bin/functions-framework.js'),
  sdk: () => 'sdk.cjs',
};
const CONTEXT = {
  name: 'count',
  version: 'v2.0.0',
  runtime: 'Async',
  inputs: {
    orders: { componentName: 'events', componentType: 'pubsub.redis', uri: 'orders' },
    queue: { componentName: 'queue', componentType: 'bindings.redis' },
  },
};
const TRACEPARENT = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
const METHODS = { topic: APP_CALLBACK_METHODS.onTopicEvent, binding: APP_CALLBACK_METHODS.onBindingEvent };

/** What was measured of one contender, by what it is; processor time comes first. */
type Sample = Readonly<Record<string, number>>;

const work = await mkdtemp(join(tmpdir(), 'ofn-bench-'));
try {
  await prepare();
  for (const name of NAMES) await startOnce(name);
  const samples = new Map<string, Sample[]>();
  for (let round = 1; round <= ROUNDS; round += 1) {
    for (const key of combinations()) {
      for (const name of NAMES) push(samples, `${key.join(' ')} ${name}`, await load(name, ...key));
    }
    for (let i = 0; i < STARTS; i += 1) for (const name of NAMES) push(samples, `start ${name}`, await start(name));
    console.log(`round ${round} of ${ROUNDS}`);
  }
  const messages = combinations().map((key) => [key.join(' '), compare(samples, key.join(' '))]);
  const result = {
    machine: machine(),
    rounds: ROUNDS,
    messages: Object.fromEntries(messages),
    start: compare(samples, 'start'),
  };
  await mkdir(join(ROOT, 'bench/results'), { recursive: true });
  await writeFile(join(ROOT, 'bench/results/async.json'), `${JSON.stringify(result, null, 2)}\n`);
  console.log(JSON.stringify(result, null, 2));
} finally {
  await rm(work, { recursive: true, force: true });
}

function combinations(): [Protocol, Kind][] {
  return PROTOCOLS.flatMap((protocol) => KINDS.map((kind): [Protocol, Kind] => [protocol, kind]));
}

/** Peers, functions, and the messages as they travel, about 1 kB of data each. */
async function prepare(): Promise<void> {
  await needPrograms({ wrk: 'wrk', h2load: 'nghttp2-client' });
  await cp(join(ROOT, 'bench/peers'), work, { recursive: true });
  await cp(join(ROOT, 'bench/async'), work, { recursive: true });
  await run('npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error'], { cwd: work });
  const ids = Array.from({ length: 20 }, (_, index) => 101 + index);
  const data = { items: ids.map((id) => ({ id, name: `item number ${id}`, price: id + 0.5 })) };
  const bytes = Buffer.from(JSON.stringify(data));
  const extensions = { time: '2026-01-01T00:00:00Z', traceid: TRACEPARENT, traceparent: TRACEPARENT, tracestate: '' };
  const event = {
    id: '6c2b7f5e-4f0d-4b0c-8f6e-0d1b3c5a7e92',
    source: 'shop',
    type: 'com.dapr.event.sent',
    topic: 'orders',
  };
  const [specversion, datacontenttype, pubsubname] = ['1.0', 'application/json', 'events'];
  const envelope = { ...event, ...extensions, specversion, datacontenttype, pubsubname, data };
  const types = { specVersion: specversion, dataContentType: datacontenttype, pubsubName: pubsubname };
  const topic = { ...event, ...types, path: '/events--orders--default', data: bytes, extensions };
  const files = {
    'topic.json': JSON.stringify(envelope),
    'binding.json': bytes,
    'topic.grpc': encodeFrame(encodeTopicEventRequest(topic)),
    'binding.grpc': encodeFrame(encodeBindingEventRequest({ name: 'queue', data: bytes })),
  };
  for (const [name, content] of Object.entries(files)) await writeFile(join(work, name), content);
}

/** Starts a contender and waits until it answers. */
async function launch(name: Name, protocol: Protocol): Promise<{ child: ChildProcess; port: number }> {
  const port = await freePort();
  const env = {
    ...process.env,
    PORT: String(port),
    NODE_ENV: 'production',
    PROTOCOL: protocol,
    BUILD: join(ROOT, 'build'),
    FUNCTION_SOURCE: 'function.cjs',
    FUNCTION_TARGET: 'count',
    FUNC_CONTEXT: JSON.stringify(CONTEXT),
  };
  const args = [PROGRAMS[name](protocol)];
  const child = spawn(process.execPath, args, { cwd: work, env, stdio: ['ignore', 'ignore', 'inherit'] });
  const answers = protocol === 'HTTP' ? answersHttp : answersGrpc;
  while (!(await answers(port))) {
    if (child.exitCode !== null) throw new Error(`${name} ended with ${child.exitCode}`);
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
  return { child, port };
}

/** Asks what the function subscribes to. */
function answersHttp(port: number): Promise<boolean> {
  const { promise, resolve } = Promise.withResolvers<boolean>();
  get({ port, host: '127.0.0.1', path: '/dapr/subscribe', agent: false }, (res) => {
    res.resume().on('end', () => resolve(res.statusCode === 200));
  }).on('error', () => resolve(false));
  return promise;
}

/** Sends a message: the load generator does not look at the status of gRPC. */
async function answersGrpc(port: number): Promise<boolean> {
  const session = connect(`http://127.0.0.1:${port}`).on('error', () => {});
  const message = encodeBindingEventRequest({ name: 'queue', data: Buffer.from('{"items":[]}') });
  const { status } = await callUnary(session, METHODS.binding, message);
  session.destroy();
  return status === 0;
}

async function load(name: Name, protocol: Protocol, kind: Kind): Promise<Sample> {
  const { child, port } = await launch(name, protocol);
  const pid = child.pid ?? 0;
  const send = protocol === 'HTTP' ? wrk : h2load;
  try {
    await send(port, kind, 1);
    const before = await cpuOf(pid);
    const messages = await send(port, kind, SECONDS);
    const used = (await cpuOf(pid)) - before;
    return { cpuMicrosecondsPerMessage: used / 1000 / messages, messagesPerSecond: messages / SECONDS };
  } finally {
    await stop(child);
  }
}

/** Sends messages over HTTP/1.1; gives how many have been answered. */
async function wrk(port: number, kind: Kind, seconds: number): Promise<number> {
  const args = ['-t', '1', '-c', '64', '-d', `${seconds}s`, '-s', 'post.lua', `http://127.0.0.1:${port}/`];
  const text = await read('wrk', args, { cwd: work, env: { KIND: kind, TRACEPARENT } });
  if (text.includes('Non-2xx')) throw new Error(`${kind}: not every answer was good\n${text}`);
  return Number(/(\d+) requests in/.exec(text)?.[1]);
}

/** The same over gRPC. */
async function h2load(port: number, kind: Kind, seconds: number): Promise<number> {
  const headers = ['content-type: application/grpc', 'te: trailers', 'user-agent: grpc-go/1.73.0'];
  const fields = [...headers, `traceparent: ${TRACEPARENT}`].flatMap((header) => ['-H', header]);
  const load = ['-t', '1', '-c', '4', '-m', '16', '-D', String(seconds), '-d', `${kind}.grpc`];
  const text = await read('h2load', [...load, ...fields, `http://127.0.0.1:${port}${METHODS[kind]}`], { cwd: work });
  const [, done, failed] = /(\d+) done, \d+ succeeded, (\d+) failed/.exec(text) ?? [];
  if (failed !== '0') throw new Error(`${kind}: not every answer was good\n${text}`);
  return Number(done);
}

/** From the start of the process to the answer of what the function subscribes to. */
async function start(name: Name): Promise<Sample> {
  const begun = performance.now();
  const { child } = await launch(name, 'HTTP');
  const wallMilliseconds = performance.now() - begun;
  const cpuMilliseconds = (await cpuOf(child.pid ?? 0)) / 1e6;
  await stop(child);
  return { cpuMilliseconds, wallMilliseconds };
}

/** A start that ends by itself: what is measured is every start but the first, which has no compiled code yet. */
async function startOnce(name: Name): Promise<void> {
  const { child } = await launch(name, 'HTTP');
  await stop(child, 'SIGTERM');
}

/** All contenders in every respect, and our processor time as a part of the others'. */
function compare(samples: ReadonlyMap<string, readonly Sample[]>, what: string): Record<string, unknown> {
  const of = (name: Name): readonly Sample[] => samples.get(`${what} ${name}`) ?? [];
  const column = (name: Name, key: string): Spread => spread(of(name).map((sample) => sample[key] ?? 0));
  const keys = Object.keys(of('ours')[0] ?? {});
  const cpu = (name: Name): number => column(name, keys[0] ?? '').median;
  const rows = NAMES.map((name) => [name, Object.fromEntries(keys.map((key) => [key, column(name, key)]))] as const);
  const ratios = NAMES.filter((name) => name !== 'ours').map((name) => [name, rounded(cpu('ours') / cpu(name))]);
  return { ...Object.fromEntries(rows), oursToOthersCpu: Object.fromEntries(ratios) };
}
