// Times builds of samples/disk-usage beside a hand-written Dockerfile on the same engine, interleaved.
import { appendFile, cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { cpus, tmpdir, totalmem } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { ROOT } from './cache.ts';
import { read } from './command.ts';

const ROUNDS = Number(process.argv[2] ?? 5);
const IMAGES = { pack: 'ofn-bench-pack', dockerfile: 'ofn-bench-dockerfile' } as const;
/** Images without a name too. */
const IMAGE_IDS = ['images', '--all', '--quiet', '--no-trunc'];
const VOLUMES = ['volume', 'ls', '--quiet'];
const CA = process.env['NODE_EXTRA_CA_CERTS'];

type Tool = keyof typeof IMAGES;

const imagesBefore = new Set(await listed(IMAGE_IDS));
const volumesBefore = new Set(await listed(VOLUMES));
const work = await mkdtemp(join(tmpdir(), 'ofn-bench-'));
const times = new Map<string, number[]>();
try {
  for (const tool of ['pack', 'dockerfile'] as const) await prepare(tool);
  for (let round = 1; round <= ROUNDS; round += 1) {
    for (const tool of ['pack', 'dockerfile'] as const) {
      await execa('docker', ['rmi', '--force', IMAGES[tool]], { reject: false });
      await measure(tool, 'cold', true);
      await appendFile(join(work, tool, 'index.js'), `// round ${round}\n`);
      await measure(tool, 'changed', false);
      await measure(tool, 'unchanged', false);
    }
    process.stdout.write(`round ${round} of ${ROUNDS}\n`);
  }
  const result = { machine: machine(), rounds: ROUNDS, seconds: summary(), bytesAboveRunImage: await sizes() };
  await mkdir(join(ROOT, 'bench/results'), { recursive: true });
  await writeFile(join(ROOT, 'bench/results/build.json'), `${JSON.stringify(result, null, 2)}\n`);
  console.log(JSON.stringify(result, null, 2));
} finally {
  await execa('docker', ['rmi', '--force', ...Object.values(IMAGES)], { reject: false });
  // The newest come first, so that none is asked for before those built on it.
  const images = (await listed(IMAGE_IDS)).filter((id) => !imagesBefore.has(id));
  for (const id of images) await execa('docker', ['rmi', '--force', id], { reject: false });
  const volumes = (await listed(VOLUMES)).filter((name) => !volumesBefore.has(name));
  await execa('docker', ['volume', 'rm', ...volumes], { reject: false });
  await rm(work, { recursive: true });
}

/** What `docker` lists, a line each. */
async function listed(args: readonly string[]): Promise<string[]> {
  return (await read('docker', args)).split('\n').filter((line) => line !== '');
}

async function prepare(tool: Tool): Promise<void> {
  const folder = join(work, tool);
  await cp(join(ROOT, 'samples/disk-usage'), folder, { recursive: true });
  if (tool !== 'dockerfile') return;
  await cp(join(ROOT, 'bench/dockerfile'), folder, { recursive: true });
  await (CA === undefined
    ? writeFile(join(folder, 'ca.pem'), '')
    : cp(CA, join(folder, 'ca.pem'), { dereference: true }));
}

async function measure(tool: Tool, what: string, cold: boolean): Promise<void> {
  const folder = join(work, tool);
  const begun = performance.now();
  if (tool === 'pack') {
    const args = ['build', folder, '--image', IMAGES.pack, '--engine', 'docker', ...(cold ? ['--clear-cache'] : [])];
    await execa('node', [join(ROOT, 'dist/cli/index.js'), ...args]);
  } else {
    const args = ['build', '--force-rm', '--tag', IMAGES.dockerfile, ...(cold ? ['--no-cache'] : []), folder];
    await execa('docker', args, { env: { DOCKER_BUILDKIT: '0' } });
  }
  const key = `${what} ${tool}`;
  times.set(key, [...(times.get(key) ?? []), (performance.now() - begun) / 1000]);
}

function summary(): Record<string, unknown> {
  const rows: Record<string, unknown> = {};
  for (const what of ['cold', 'changed', 'unchanged']) {
    const [pack, dockerfile] = [`${what} pack`, `${what} dockerfile`].map((key) => spread(times.get(key) ?? []));
    rows[what] = { pack, dockerfile, ratio: round((pack?.median ?? 0) / (dockerfile?.median ?? 1)) };
  }
  return rows;
}

function spread(values: readonly number[]): { median: number; least: number; most: number } {
  const sorted = values.toSorted((a, b) => a - b);
  const at = (index: number): number => round(sorted[index] ?? 0);
  return { median: at(Math.floor(sorted.length / 2)), least: at(0), most: at(sorted.length - 1) };
}

function round(value: number): number {
  return Math.round(value * 100) / 100;
}

async function sizes(): Promise<Record<Tool, number>> {
  const base = await sizeOf('openfunction/run-node:24');
  return { pack: (await sizeOf(IMAGES.pack)) - base, dockerfile: (await sizeOf(IMAGES.dockerfile)) - base };
}

async function sizeOf(image: string): Promise<number> {
  return Number(await read('docker', ['image', 'inspect', '--format', '{{.Size}}', image]));
}

function machine(): Record<string, unknown> {
  const [cpu] = cpus();
  return { cpu: cpu?.model, cores: cpus().length, gibibytes: Math.round(totalmem() / 2 ** 30), node: process.version };
}
