// Measures what plugins cost an openfunction function, interleaved: CPU per request, modules loaded; and hooks by themselves.
import { spawn, type ChildProcess } from 'node:child_process';
import { cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { cpuUsage } from 'node:process';
import { bindRuntime } from '../src/framework/context/bind-runtime.ts';
import { makeServicesOf } from '../src/framework/context/services.ts';
import { readPlatform } from '../src/framework/platform.ts';
import { makeHooks, type Around } from '../src/framework/plugin/hooks.ts';
import { Plugin } from '../src/framework/plugin/plugin.ts';
import { ROOT } from './cache.ts';
import { needPrograms, read } from './command.ts';
import { cpuOf, machine, push, rounded, spread, stop } from './measure.ts';

const ROUNDS = Number(process.argv[2] ?? 5);
const SECONDS = 3;
const CALLS = 1_000_000;
/** Folders of plugins: none, one with an empty pre and an empty post hook, the same with an instance for each call. */
const VARIANTS = ['none', 'empty', 'request'] as const;
type Variant = (typeof VARIANTS)[number];

class Empty extends Plugin {
  constructor() {
    super('empty');
  }
  override async execPreHook(): Promise<void> {}
  override async execPostHook(): Promise<void> {}
}

const work = await mkdtemp(join(tmpdir(), 'ofn-bench-'));
try {
  await needPrograms({ wrk: 'wrk' });
  await cp(join(ROOT, 'bench/plugins'), work, { recursive: true });
  await cp(join(ROOT, 'bench/functions/post.lua'), join(work, 'post.lua'));
  await writeFile(join(work, 'tell.mjs'), telling());
  const samples = new Map<string, number[]>();
  const modules = new Map<Variant, number>();
  for (let round = 1; round <= ROUNDS; round += 1) {
    for (const variant of VARIANTS) {
      const { used, loaded } = await load(variant);
      push(samples, variant, used);
      modules.set(variant, loaded);
    }
    for (const [name, used] of Object.entries(await hooksAlone())) push(samples, name, used);
    console.log(`round ${round} of ${ROUNDS}`);
  }
  const of = (names: readonly string[]) =>
    Object.fromEntries(names.map((name) => [name, spread(samples.get(name) ?? [])]));
  const result = {
    machine: machine(),
    rounds: ROUNDS,
    cpuMicrosecondsPerRequest: of(VARIANTS),
    filesOfTheFramework: Object.fromEntries(modules),
    cpuMicrosecondsPerCall: of(['call', 'call with hooks']),
  };
  await mkdir(join(ROOT, 'bench/results'), { recursive: true });
  await writeFile(join(ROOT, 'bench/results/plugins.json'), `${JSON.stringify(result, null, 2)}\n`);
  console.log(JSON.stringify(result, null, 2));
} finally {
  await rm(work, { recursive: true, force: true });
}

/** A module that tells of each file that is loaded. */
function telling(): string {
  return `import { registerHooks } from 'node:module';
registerHooks({ load(url, context, next) { console.log(url); return next(url, context); } });`;
}

interface Launched {
  readonly child: ChildProcess;
  readonly port: number;
  /** Files of the framework that were loaded. */
  readonly loaded: number;
}

/** Starts the function, and waits until it says where it listens. */
async function launch(variant: Variant): Promise<Launched> {
  const options = ['--source=function.cjs', '--target=echo', '--signature-type=openfunction', '--port=0'];
  const folder = variant === 'none' ? [] : [`--plugins-dir=${variant}`];
  const args = ['--import', './tell.mjs', join(ROOT, 'bin/functions-framework.js'), ...options, ...folder];
  const env = { ...process.env, NODE_ENV: 'development' };
  const child = spawn(process.execPath, args, { cwd: work, env, stdio: ['ignore', 'pipe', 'inherit'] });
  let text = '';
  for await (const chunk of child.stdout.iterator({ destroyOnReturn: false })) {
    text += String(chunk);
    if (text.includes('URL: ')) break;
  }
  child.stdout.resume();
  const loaded = text.split('\n').filter((line) => line.startsWith(`file://${ROOT}`)).length;
  return { child, loaded, port: Number(/URL: http:\/\/localhost:(\d+)/.exec(text)?.[1]) };
}

async function load(variant: Variant): Promise<{ used: number; loaded: number }> {
  const { child, port, loaded } = await launch(variant);
  const pid = child.pid ?? 0;
  try {
    await wrk(port, 1);
    const before = await cpuOf(pid);
    const requests = await wrk(port, SECONDS);
    return { used: ((await cpuOf(pid)) - before) / 1000 / requests, loaded };
  } finally {
    await stop(child);
  }
}

async function wrk(port: number, seconds: number): Promise<number> {
  const args = ['-t', '1', '-c', '64', '-d', `${seconds}s`, '-s', 'post.lua', `http://127.0.0.1:${port}/`];
  const text = await read('wrk', args, { cwd: work });
  if (text.includes('Non-2xx')) throw new Error(`not every answer was good\n${text}`);
  return Number(/(\d+) requests in/.exec(text)?.[1]);
}

/** The same without a server, whose noise is larger than what is looked for. */
async function hooksAlone(): Promise<Record<string, number>> {
  const log = { debug() {}, info() {}, warn() {}, error() {} };
  const Runtime = bindRuntime(makeServicesOf(undefined, readPlatform({}), log)('echo'));
  const plugins = new Map([['empty', { plugin: new Empty(), renew: undefined }]]);
  const around = makeHooks(plugins, log).around({ pre: ['empty'], post: ['empty'] });
  const time = async (how: Around): Promise<number> => {
    const before = cpuUsage();
    for (let i = 0; i < CALLS; i += 1) {
      const ctx = new Runtime();
      await how(ctx, () => ctx.data);
    }
    const { user, system } = cpuUsage(before);
    return rounded((user + system) / CALLS);
  };
  return { call: await time((_ctx, run) => run()), 'call with hooks': await time(around) };
}
