// Measures our runner beside Apache's for Go and a bare server, each on one core, with one client: `node scripts/bench-apisix.ts`.
import { spawn, type ChildProcess } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { availableParallelism, tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { callOnce, connected, type CallFrames, type Route } from './apisix-calls.ts';
import { placeOfGoRunner } from './apisix-go-runner.ts';
import { ROOT } from './cache.ts';
import { read } from './command.ts';
import { cpuOf, machine, memoryOf, push, rounded, spread, stop } from './measure.ts';

const ROUNDS = Number(process.argv[2] ?? 20);
/** Short rounds, so that what else the machine does falls on all alike, and long enough for connections to cost nothing. */
const CALLS_OF_ROUND = Number(process.argv[3] ?? 25_000);
/** How many calls memory is looked at over. */
const MANY = Number(process.argv[4] ?? 1_000_000);
/** Milliseconds between two looks. */
const LOOK = 2000;
const WARM_UP = 100_000;
const CONNECTIONS = 32;

const ROUTES: Record<string, Route> = {
  say: { plugin: 'say', value: { body: 'hello' }, kind: 'request' },
  'pass-through': { plugin: 'say', value: { body: '' }, kind: 'request' },
  'response-rewrite': {
    plugin: 'response-rewrite',
    value: { filters: [{ regex: 'world', scope: 'once', replace: 'moon' }] },
    kind: 'response',
  },
};
/** The client has a core for itself where there are several. */
const CORES = { program: '0', client: availableParallelism() > 1 ? '1' : '0' };
const MEASURES = ['calls per second', 'p99 milliseconds', 'cpu microseconds per call'] as const;

/** A program that answers calls, and the files with their frames. */
interface Target {
  readonly path: string;
  readonly child: ChildProcess;
  readonly call: string;
  readonly told: string;
}

const work = await mkdtemp(join(tmpdir(), 'ofn-bench-'));
const go = await placeOfGoRunner();
const load = join(dirname(go), 'load');
const started: ChildProcess[] = [];
try {
  const samples = new Map<string, number[]>();
  const mebibytes: Record<string, readonly number[]> = {};
  for (const [name, route] of Object.entries(ROUTES)) {
    const targets = await startAll(name, route);
    for (const target of Object.values(targets)) await callMany(target, WARM_UP);
    for (let round = 1; round <= ROUNDS; round += 1) await measureOnce(name, targets, samples);
    for (const { child } of [targets.go, targets.bare]) await stop(child);
    mebibytes[name] = await memoryOver(targets.node);
    await stop(targets.node.child);
    for (const line of linesOf(name, samples)) console.log(line);
    console.log(`${name}: mebibytes over ${MANY} calls: ${mebibytes[name].join(' ')}`);
  }
  const result = {
    machine: machine(),
    rounds: ROUNDS,
    callsOfRound: CALLS_OF_ROUND,
    connections: CONNECTIONS,
    measured: Object.fromEntries([...samples].map(([name, values]) => [name, spread(values)])),
    mebibytesOver: { calls: MANY, ...mebibytes },
  };
  await mkdir(join(ROOT, 'bench/results'), { recursive: true });
  await writeFile(join(ROOT, 'bench/results/apisix.json'), `${JSON.stringify(result, null, 2)}\n`);
} finally {
  for (const child of started) if (child.exitCode === null && child.signalCode === null) await stop(child);
  await rm(work, { recursive: true, force: true });
}

/** Starts both runners for a route, and a bare server that replies as ours did. */
async function startAll(name: string, route: Route): Promise<Record<'node' | 'go' | 'bare', Target>> {
  const ours = [process.execPath, join(ROOT, 'bin/ofn-runner.js'), 'run', '-m', 'prod'];
  const [node, frames] = await startRunner(`${name}-node`, ours, route);
  const [apache] = await startRunner(`${name}-go`, [go], route);
  const path = join(work, `${name}-bare.sock`);
  const replies: string[] = [];
  for (const [kind, reply] of frames.replies) {
    await writeFile(`${path}.${kind}`, reply);
    replies.push(`${kind}=${path}.${kind}`);
  }
  const child = start([process.execPath, join(ROOT, 'bench/apisix/bare.cjs'), path, ...replies], path);
  (await connected(path, () => child.exitCode === null)).destroy();
  return { node, go: apache, bare: { ...node, path, child } };
}

async function startRunner(name: string, program: readonly string[], route: Route): Promise<[Target, CallFrames]> {
  const path = join(work, `${name}.sock`);
  const child = start(program, path);
  const frames = await callOnce(path, route, () => child.exitCode === null);
  const target = { path, child, call: `${path}.call`, told: `${path}.told` };
  await writeFile(target.call, frames.call);
  await writeFile(target.told, frames.told);
  return [target, frames];
}

function start(program: readonly string[], path: string): ChildProcess {
  const child = spawn('taskset', ['-c', CORES.program, ...program], {
    cwd: work,
    env: { ...process.env, APISIX_LISTEN_ADDRESS: `unix:${path}`, GOMAXPROCS: '1' },
    stdio: 'ignore',
  });
  started.push(child);
  return child;
}

/** Measures each once, in an order left to chance, and how they compare. */
async function measureOnce(
  name: string,
  targets: Record<'node' | 'go' | 'bare', Target>,
  samples: Map<string, number[]>,
): Promise<void> {
  const order = Object.entries(targets)
    .map((entry) => ({ entry, place: Math.random() }))
    .toSorted((a, b) => a.place - b.place);
  for (const {
    entry: [program, target],
  } of order) {
    const measured = await measure(target);
    for (const [index, what] of MEASURES.entries()) push(samples, `${name} ${program} ${what}`, measured[index] ?? 0);
  }
  for (const what of MEASURES) {
    const last = (program: string): number => samples.get(`${name} ${program} ${what}`)?.at(-1) ?? 0;
    push(samples, `${name} node to go, ${what}`, last('node') / last('go'));
    push(samples, `${name} node to bare, ${what}`, last('node') / last('bare'));
  }
}

/** Calls a second, milliseconds within which 99 of 100 were answered, and microseconds on a processor for each. */
async function measure(target: Target): Promise<readonly [perSecond: number, p99: number, cpu: number]> {
  const pid = target.child.pid ?? 0;
  const before = await cpuOf(pid);
  const { calls, perSecond, p99 } = await callMany(target, CALLS_OF_ROUND);
  return [perSecond, p99, ((await cpuOf(pid)) - before) / 1000 / calls];
}

/** What the client tells. */
interface Load {
  readonly calls: number;
  readonly perSecond: number;
  /** Milliseconds. */
  readonly p99: number;
}

async function callMany({ path, call, told }: Target, calls: number): Promise<Load> {
  const args = [path, CONNECTIONS, 0, calls, call, told].map(String);
  return JSON.parse(await read('taskset', ['-c', CORES.client, load, ...args]));
}

/** Mebibytes in memory as long as many calls take, which come over the same connections. */
async function memoryOver(target: Target): Promise<number[]> {
  const looks: number[] = [];
  const look = async (): Promise<void> => void looks.push(rounded(await memoryOf(target.child.pid ?? 0)));
  const calling = callMany(target, MANY);
  while ((await Promise.race([calling, pause(LOOK)])) === undefined) await look();
  await look();
  return looks;
}

function linesOf(name: string, samples: Map<string, number[]>): string[] {
  return [...samples]
    .filter(([key]) => key.startsWith(`${name} `))
    .map(([key, values]) => {
      const { median, least, most } = spread(values);
      return `${key}: ${median} (${least} to ${most})`;
    });
}
