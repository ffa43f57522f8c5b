// Measures our runner beside Apache's for Go, interleaved, each on one core, with one client: `node scripts/bench-apisix.ts`.
import { spawn, type ChildProcess } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { connect, type Socket } from 'node:net';
import { availableParallelism, tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { ByteBuffer } from 'flatbuffers';
import { Resp as Told } from '../src/apisix/protocol/a6/extra-info/resp.ts';
import { Req as RequestCall } from '../src/apisix/protocol/a6/httpreq-call/req.ts';
import { Req as ResponseCall } from '../src/apisix/protocol/a6/httpresp-call/req.ts';
import { Req as PrepareConf } from '../src/apisix/protocol/a6/prepare-conf/req.ts';
import { Resp as Token } from '../src/apisix/protocol/a6/prepare-conf/resp.ts';
import { FRAME, FrameReader } from '../src/apisix/protocol/frame.ts';
import { MessageWriter, type Entry } from '../src/apisix/protocol/message-writer.ts';
import { placeOfGoRunner } from './apisix-go-runner.ts';
import { ROOT } from './cache.ts';
import { read } from './command.ts';
import { cpuOf, machine, memoryOf, push, rounded, spread, stop } from './measure.ts';

const ROUNDS = Number(process.argv[2] ?? 5);
const SECONDS = Number(process.argv[3] ?? 3);
/** How many calls memory is looked at over. */
const MANY = Number(process.argv[4] ?? 1_000_000);
const WARM_UP = 100_000;
const CONNECTIONS = 32;
const BODY = `{"greeting":"hello world","text":"${'x'.repeat(2000)}"}`;

interface Route {
  readonly plugin: string;
  readonly value: object;
  readonly kind: 'request' | 'response';
}

const ROUTES: Record<string, Route> = {
  say: { plugin: 'say', value: { body: 'hello' }, kind: 'request' },
  'pass-through': { plugin: 'say', value: { body: '' }, kind: 'request' },
  'response-rewrite': {
    plugin: 'response-rewrite',
    value: { filters: [{ regex: 'world', scope: 'once', replace: 'moon' }] },
    kind: 'response',
  },
};
const HEADERS: readonly Entry[] = [
  ['host', 'example.com'],
  ['user-agent', 'curl/8.5.0'],
  ['accept', '*/*'],
  ['accept-encoding', 'gzip, deflate, br'],
  ['cookie', 'session=0123456789abcdef'],
  ['x-request-id', '7f0e5b1c-5d8a-4f5e-9a57-0d0c7f3b2a11'],
  ['x-forwarded-proto', 'https'],
  ['x-forwarded-host', 'example.com'],
  ['x-forwarded-port', '443'],
];
/** The client has a core for itself where there are several. */
const CORES = { runner: '0', client: availableParallelism() > 1 ? '1' : '0' };
const RUNNERS = ['node', 'go'] as const;
type RunnerName = (typeof RUNNERS)[number];

const work = await mkdtemp(join(tmpdir(), 'ofn-bench-'));
try {
  const go = await placeOfGoRunner();
  const programs: Record<RunnerName, readonly string[]> = {
    node: [process.execPath, join(ROOT, 'bin/ofn-runner.js'), 'run', '-m', 'prod'],
    go: [go],
  };
  const load = join(dirname(go), 'load');
  const samples = new Map<string, number[]>();
  for (let round = 1; round <= ROUNDS; round += 1) {
    for (const name of Object.keys(ROUTES)) {
      // Who is first has a colder machine: they take turns.
      for (const runner of round % 2 === 0 ? RUNNERS : RUNNERS.toReversed()) {
        const { perSecond, p99, cpu } = await measure(programs[runner], load, name, 0);
        push(samples, `${name} ${runner} calls per second`, perSecond);
        push(samples, `${name} ${runner} p99 milliseconds`, p99);
        push(samples, `${name} ${runner} cpu microseconds per call`, cpu);
      }
      for (const what of ['calls per second', 'p99 milliseconds', 'cpu microseconds per call']) {
        push(
          samples,
          `${name} ratio of ${what}`,
          last(samples, `${name} node ${what}`) / last(samples, `${name} go ${what}`),
        );
      }
    }
    console.log(`round ${round} of ${ROUNDS}`);
  }
  const memory: Record<string, unknown> = {};
  for (const name of Object.keys(ROUTES)) memory[name] = (await measure(programs.node, load, name, MANY)).mebibytes;
  const result = {
    machine: machine(),
    rounds: ROUNDS,
    connections: CONNECTIONS,
    measured: Object.fromEntries([...samples].map(([name, values]) => [name, spread(values)])),
    mebibytesOver: { calls: MANY, ...memory },
  };
  await mkdir(join(ROOT, 'bench/results'), { recursive: true });
  await writeFile(join(ROOT, 'bench/results/apisix.json'), `${JSON.stringify(result, null, 2)}\n`);
  console.log(JSON.stringify(result, null, 2));
} finally {
  await rm(work, { recursive: true, force: true });
}

function last(samples: Map<string, number[]>, name: string): number {
  return samples.get(name)?.at(-1) ?? 0;
}

/** What the client tells. */
interface Load {
  readonly calls: number;
  readonly perSecond: number;
  /** Milliseconds. */
  readonly p99: number;
}

interface Measured extends Load {
  /** Microseconds on a processor for each call. */
  readonly cpu: number;
  /** In memory after a tenth of the calls, and after all. */
  readonly mebibytes: readonly number[];
}

/** Starts a runner, and calls a route of it for a time, or so many times. */
async function measure(program: readonly string[], load: string, name: string, calls: number): Promise<Measured> {
  const path = join(work, 'runner.sock');
  const child = spawn('taskset', ['-c', CORES.runner, ...program], {
    cwd: work,
    env: { ...process.env, APISIX_LISTEN_ADDRESS: `unix:${path}`, GOMAXPROCS: '1' },
    stdio: 'ignore',
  });
  try {
    const route = ROUTES[name];
    if (route === undefined) throw new Error(`There is no route ${name}.`);
    const { call, told } = await prepare(path, child, route);
    const run = async (seconds: number, count: number): Promise<Load> => {
      const args = [path, CONNECTIONS, seconds, count, call, told].map(String);
      return JSON.parse(await read('taskset', ['-c', CORES.client, load, ...args]));
    };
    // What is measured is how a runner runs, not how it starts.
    await run(0, Math.max(WARM_UP, Math.floor(calls / 10)));
    const pid = child.pid ?? 0;
    const [before, cpuBefore] = [rounded(await memoryOf(pid)), await cpuOf(pid)];
    const measured = await run(SECONDS, calls);
    const cpu = ((await cpuOf(pid)) - cpuBefore) / 1000 / measured.calls;
    return { ...measured, cpu, mebibytes: [before, rounded(await memoryOf(pid))] };
  } finally {
    await stop(child);
    await rm(path, { force: true });
  }
}

/** Has the route's configuration kept, and writes the frames of its calls into files. */
async function prepare(path: string, child: ChildProcess, route: Route): Promise<{ call: string; told: string }> {
  const writer = new MessageWriter();
  const token = await tokenOf(path, child, writer, route);
  const [call, told] = [join(work, 'call'), join(work, 'told')];
  await writeFile(call, route.kind === 'request' ? requestFrame(writer, token) : responseFrame(writer, token));
  writer.begin();
  const result = writer.bytes(Buffer.from(BODY));
  await writeFile(told, writer.finish(FRAME.EXTRA_INFO, Told.createResp(writer.builder, result)));
  return { call, told };
}

async function tokenOf(path: string, child: ChildProcess, writer: MessageWriter, route: Route): Promise<number> {
  writer.begin();
  const conf = writer.entries([[route.plugin, JSON.stringify(route.value)]]);
  const frame = Buffer.from(writer.finish(FRAME.PREPARE_CONF, PrepareConf.createReq(writer.builder, conf, 0)));
  const socket = await connected(path, child);
  socket.write(frame);
  const { promise, resolve } = Promise.withResolvers<Buffer>();
  const reader = new FrameReader((_kind, payload) => {
    resolve(payload);
    return true;
  });
  socket.on('data', (chunk: Buffer) => reader.push(chunk));
  const payload = await promise;
  socket.destroy();
  return Token.getRootAsResp(new ByteBuffer(payload)).confToken();
}

/** Connects as soon as somebody listens. */
async function connected(path: string, child: ChildProcess): Promise<Socket> {
  while (child.exitCode === null) {
    const socket = connect(path);
    const { promise, resolve } = Promise.withResolvers<boolean>();
    socket.on('connect', () => resolve(true)).on('error', () => resolve(false));
    if (await promise) return socket;
    await pause(20);
  }
  throw new Error(`The runner ended with ${child.exitCode}.`);
}

function requestFrame(writer: MessageWriter, token: number): Uint8Array {
  writer.begin();
  const { builder } = writer;
  const address = writer.bytes(Buffer.from([127, 0, 0, 1]));
  const path = writer.text('/some/path');
  const args = writer.entries([
    ['q', 'one'],
    ['page', '2'],
  ]);
  const headers = writer.entries(HEADERS);
  return writer.finish(FRAME.HTTP_REQUEST, RequestCall.createReq(builder, 7, address, 0, path, args, headers, token));
}

function responseFrame(writer: MessageWriter, token: number): Uint8Array {
  writer.begin();
  const headers = writer.entries([
    ['Content-Type', 'application/json'],
    ['Content-Length', String(BODY.length)],
    ['Server', 'node'],
  ]);
  return writer.finish(FRAME.HTTP_RESPONSE, ResponseCall.createReq(writer.builder, 7, 200, headers, token));
}
