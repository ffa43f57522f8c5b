// Measures the functions framework beside bare node:http and its peers, interleaved: CPU per request, start, memory.
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, get } from 'node:http';
import { connect, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ROOT } from './cache.ts';
import { needPrograms, read, run } from './command.ts';
import { cpuOf, machine, memoryOf, push, rounded, spread, stop } from './measure.ts';
import { freePort } from './port.ts';

const ROUNDS = Number(process.argv[2] ?? 5);
const SECONDS = 3;
const TARGETS = ['hello', 'echo', 'event'] as const;
type Target = (typeof TARGETS)[number];

const work = await mkdtemp(join(tmpdir(), 'ofn-bench-'));
await needPrograms({ wrk: 'wrk' });
await cp(join(ROOT, 'bench/peers'), work, { recursive: true });
await cp(join(ROOT, 'bench/functions'), work, { recursive: true });
await run('npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error'], { cwd: work });

const signature = (target: Target): string => (target === 'event' ? 'cloudevent' : 'http');
const frameworkArgs = (target: Target): string[] => [
  '--source=express.cjs',
  `--target=${target}`,
  `--signature-type=${signature(target)}`,
];
/** What is started for a target. */
const CONTENDERS: Readonly<Record<string, (target: Target) => string[]>> = {
  bare: () => ['bare.cjs'],
  ours: (target) => [join(ROOT, 'bin/functions-framework.js'), ...frameworkArgs(target)],
  google: (target) => ['node_modules/@google-cloud/functions-framework/build/src/main.js', ...frameworkArgs(target)],
  'faas-js': () => ['faas-js.cjs'],
  fastify: () => ['fastify.cjs'],
};
const NAMES = Object.keys(CONTENDERS);
/** Those that trace, with what each has for it, and those that do not. */
const TRACED = { ours: 'ours traced', google: 'google traced', fastify: 'fastify traced' } as const;
const STANDARD = ['--require', './otel.cjs'];
const TRACED_CONTENDERS: typeof CONTENDERS = {
  [TRACED.ours]: (target) => [...(CONTENDERS['ours']?.(target) ?? []), '--tracing=opentelemetry'],
  [TRACED.google]: (target) => [...STANDARD, ...(CONTENDERS['google']?.(target) ?? [])],
  [TRACED.fastify]: (target) => [...STANDARD, ...(CONTENDERS['fastify']?.(target) ?? [])],
};

const sink = await startSink();

interface Sample {
  readonly cpuMicrosecondsPerRequest: number;
  readonly requestsPerSecond: number;
  readonly p99Milliseconds: number;
  readonly megabytes: number;
}
interface Start {
  readonly cpuMilliseconds: number;
  readonly wallMilliseconds: number;
}

try {
  const samples = new Map<string, Sample[]>();
  const starts = new Map<string, Start[]>();
  for (let round = 1; round <= ROUNDS; round += 1) {
    for (const target of TARGETS) {
      for (const name of NAMES) push(samples, `${target} ${name}`, await load(name, target));
    }
    for (const name of Object.values(TRACED)) push(samples, `hello ${name}`, await load(name, 'hello'));
    const all = [...NAMES, ...Object.values(TRACED)];
    for (let i = 0; i < 5; i += 1) for (const name of all) push(starts, name, await start(name));
    console.log(`round ${round} of ${ROUNDS}`);
  }
  const result = {
    machine: machine(),
    rounds: ROUNDS,
    requests: Object.fromEntries(TARGETS.map((target) => [target, compare(samples, target)])),
    traced: compareTraced(samples, starts),
    start: compareStarts(starts),
    modulesAtStart: await modulesAtStart(),
  };
  await mkdir(join(ROOT, 'bench/results'), { recursive: true });
  await writeFile(join(ROOT, 'bench/results/functions.json'), `${JSON.stringify(result, null, 2)}\n`);
  console.log(JSON.stringify(result, null, 2));
} finally {
  sink.close();
  await rm(work, { recursive: true, force: true });
}

async function launch(name: string, target: Target): Promise<{ child: ChildProcess; port: number }> {
  const port = await freePort();
  const args = { ...CONTENDERS, ...TRACED_CONTENDERS }[name]?.(target) ?? [];
  const spans = { OTEL_EXPORTER_OTLP_ENDPOINT: sink.url, OTEL_METRICS_EXPORTER: 'none', OTEL_LOGS_EXPORTER: 'none' };
  const env = { ...process.env, ...spans, PORT: String(port), TARGET: target, NODE_ENV: 'production' };
  const child = spawn(process.execPath, args, { cwd: work, env, stdio: ['ignore', 'ignore', 'inherit'] });
  await answered(port, target, child);
  return { child, port };
}

/** Asks until somebody answers: with a request where a GET is one, else by connecting. */
async function answered(port: number, target: Target, child: ChildProcess): Promise<void> {
  for (;;) {
    if (child.exitCode !== null) throw new Error(`${child.spawnargs.join(' ')} ended with ${child.exitCode}`);
    const { promise, resolve } = Promise.withResolvers<boolean>();
    const retry = (): void => void setTimeout(resolve, 1, false);
    const options = { port, host: '127.0.0.1' };
    if (target === 'hello') {
      get({ ...options, agent: false }, (res) => res.resume().on('end', () => resolve(true))).on('error', retry);
    } else {
      const socket = connect(options, () => resolve(Boolean(socket.destroy()))).on('error', retry);
    }
    if (await promise) return;
  }
}

async function load(name: string, target: Target): Promise<Sample> {
  const { child, port } = await launch(name, target);
  const pid = child.pid ?? 0;
  try {
    await wrk(port, target, 1);
    const before = await cpuOf(pid);
    const { requests, p99Milliseconds } = await wrk(port, target, SECONDS);
    const used = (await cpuOf(pid)) - before;
    const megabytes = Math.round(await memoryOf(pid));
    return {
      cpuMicrosecondsPerRequest: used / 1000 / requests,
      requestsPerSecond: requests / SECONDS,
      p99Milliseconds,
      megabytes,
    };
  } finally {
    await stop(child);
  }
}

async function wrk(
  port: number,
  target: Target,
  seconds: number,
): Promise<{ requests: number; p99Milliseconds: number }> {
  const script = target === 'hello' ? [] : ['-s', 'post.lua'];
  const args = ['-t', '1', '-c', '64', '-d', `${seconds}s`, '--latency', ...script, `http://127.0.0.1:${port}/`];
  const text = await read('wrk', args, { cwd: work, env: { TARGET: target } });
  if (text.includes('Non-2xx')) throw new Error(`${target}: not every answer was good\n${text}`);
  const [, p99 = '0', unit = 'ms'] = /99%\s+([\d.]+)(us|ms|s)/.exec(text) ?? [];
  const scale = { us: 1e-3, ms: 1, s: 1e3 }[unit] ?? 1;
  return { requests: Number(/(\d+) requests in/.exec(text)?.[1]), p99Milliseconds: Number(p99) * scale };
}

async function start(name: string): Promise<Start> {
  const begun = performance.now();
  const { child } = await launch(name, 'hello');
  const wallMilliseconds = performance.now() - begun;
  const cpuMilliseconds = (await cpuOf(child.pid ?? 0)) / 1e6;
  await stop(child);
  return { cpuMilliseconds, wallMilliseconds };
}

function compare(samples: ReadonlyMap<string, readonly Sample[]>, target: Target): Record<string, unknown> {
  const median = (name: string): number =>
    spread((samples.get(`${target} ${name}`) ?? []).map((sample) => sample.cpuMicrosecondsPerRequest)).median;
  const rows = NAMES.map((name) => {
    const all = samples.get(`${target} ${name}`) ?? [];
    const column = (key: keyof Sample) => spread(all.map((sample) => sample[key]));
    const row = {
      cpuMicrosecondsPerRequest: column('cpuMicrosecondsPerRequest'),
      requestsPerSecond: column('requestsPerSecond'),
      p99Milliseconds: column('p99Milliseconds'),
      megabytesAfterLoad: column('megabytes'),
    };
    return [name, row] as const;
  });
  const ratios = NAMES.filter((name) => name !== 'ours').map((name) => [name, rounded(median('ours') / median(name))]);
  return { ...Object.fromEntries(rows), oursToOthersCpu: Object.fromEntries(ratios) };
}

function compareStarts(starts: ReadonlyMap<string, readonly Start[]>): Record<string, unknown> {
  const cpu = (name: string) => spread((starts.get(name) ?? []).map((one) => one.cpuMilliseconds));
  const wall = (name: string) => spread((starts.get(name) ?? []).map((one) => one.wallMilliseconds));
  const rows = NAMES.map((name) => [name, { cpuMilliseconds: cpu(name), wallMilliseconds: wall(name) }] as const);
  const others = NAMES.filter((name) => name !== 'ours');
  const ratios = others.map((name) => [name, rounded(cpu('ours').median / cpu(name).median)]);
  return { ...Object.fromEntries(rows), oursToOthersCpu: Object.fromEntries(ratios) };
}

/** What tracing costs each, and adds; `kilobytesReceived` shows that they did send. */
function compareTraced(
  samples: ReadonlyMap<string, readonly Sample[]>,
  starts: ReadonlyMap<string, readonly Start[]>,
): Record<string, unknown> {
  const cpu = (name: string): number =>
    spread((samples.get(`hello ${name}`) ?? []).map((one) => one.cpuMicrosecondsPerRequest)).median;
  const atStart = (name: string): number => spread((starts.get(name) ?? []).map((one) => one.cpuMilliseconds)).median;
  const rows = Object.entries(TRACED).map(([name, traced]) => {
    const added = rounded(cpu(traced) - cpu(name));
    const addedAtStart = rounded(atStart(traced) - atStart(name));
    const row = { cpuMicrosecondsPerRequest: cpu(traced), added, startCpuMilliseconds: atStart(traced), addedAtStart };
    return [name, row] as const;
  });
  return { ...Object.fromEntries(rows), kilobytesReceived: Math.round(sink.received() / 1024) };
}

/** A collector that counts what it gets, and drops it. */
async function startSink(): Promise<{ readonly url: string; received(): number; close(): void }> {
  let bytes = 0;
  const server = createServer((req, res) => {
    req.on('data', (chunk: Buffer) => (bytes += chunk.length)).on('end', () => res.writeHead(200).end());
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- a server that listens on a port has such an address
  const { port } = server.address() as AddressInfo;
  const close = (): void => server.close().closeAllConnections();
  return { url: `http://127.0.0.1:${port}`, received: () => bytes, close };
}

/** Files of this repository that are loaded before the first request to an HTTP function. */
async function modulesAtStart(): Promise<string[]> {
  const hooks = `import { registerHooks } from 'node:module';
registerHooks({ load(url, context, next) { if (url.startsWith('file:')) console.log(url); return next(url, context); } });`;
  await writeFile(join(work, 'hooks.mjs'), hooks);
  const args = ['--import', './hooks.mjs', join(ROOT, 'bin/functions-framework.js'), ...frameworkArgs('hello')];
  const env = { ...process.env, PORT: '0', NODE_ENV: 'development' };
  const child = spawn(process.execPath, args, { cwd: work, env, stdio: ['ignore', 'pipe', 'inherit'] });
  let text = '';
  for await (const chunk of child.stdout) {
    text += String(chunk);
    if (text.includes('URL: ')) break;
  }
  await stop(child);
  const urls = text.split('\n').filter((line) => line.startsWith('file:'));
  return urls
    .map((url) => url.replace(`file://${ROOT}`, '').replace(/^\//, ''))
    .filter((path) => !path.includes('/ofn-bench-'));
}
