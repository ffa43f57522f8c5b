// Times builds of samples/disk-usage, its images' sizes and their starts beside hand-written Dockerfiles and a buildpack
// that does nothing, on the same engine, interleaved: `node scripts/bench-build.ts [rounds]`.
import { appendFile, cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { execa } from 'execa';
import { writeCaBinding } from '../src/cli/workplace.ts';
import { CACHE, once, ROOT } from './cache.ts';
import { read, run } from './command.ts';
import { machine, push, rounded, spread } from './measure.ts';
import { freePort } from './port.ts';
import { findTools } from './tools.ts';

const ROUNDS = Number(process.argv[2] ?? 5);
const STARTS_A_ROUND = 4;
const RUN_IMAGE = 'openfunction/run-node:24';
const NOOP_BUILDER = 'ofn-bench-noop-builder';
/** Images without a name too. */
const IMAGE_IDS = ['images', '--all', '--quiet', '--no-trunc'];
const VOLUMES = ['volume', 'ls', '--quiet'];
const CA = process.env['NODE_EXTRA_CA_CERTS'];
/** The network is what `docker build` has: pack would make one for each build. */
const PACK_OPTIONS = [
  '--trust-builder',
  '--pull-policy',
  'if-not-present',
  '--docker-host',
  'inherit',
  '--network',
  'bridge',
];
const NO_BUILDKIT = { DOCKER_BUILDKIT: '0' };

/** What builds the sample: this project, a buildpack that does nothing, and a Dockerfile. */
const TOOLS = ['pack', 'noop', 'dockerfile'] as const;
/** Images that are started: Google's framework is built once, its Dockerfile is that of the other. */
const STARTED = ['pack', 'dockerfile', 'google'] as const;
/** Images that are weighed. */
const WEIGHED = [...STARTED, 'slim'] as const;

type Tool = (typeof TOOLS)[number];
type Image = (typeof WEIGHED)[number];

const imageOf = (name: Tool | Image): string => `ofn-bench-${name}`;

const imagesBefore = new Set(await listed(IMAGE_IDS));
const volumesBefore = new Set(await listed(VOLUMES));
const { pack, lifecycleTar } = await findTools();
const work = await mkdtemp(join(tmpdir(), 'ofn-bench-'));
/** The certificates of the registry, as a service binding. */
const BINDING = join(work, 'binding');
const BOUND = CA === undefined ? [] : ['--volume', `${BINDING}:/platform/bindings/ca:ro`];
const seconds = new Map<string, number[]>();
const starts = new Map<string, number[]>();
try {
  await prepare();
  for (let round = 1; round <= ROUNDS; round += 1) {
    for (const tool of TOOLS) await measureBuilds(tool, round);
    if (round === 1) await buildOthers();
    for (let start = 0; start < STARTS_A_ROUND; start += 1) {
      for (const name of STARTED) push(starts, name, await measureStart(imageOf(name)));
    }
    process.stdout.write(`round ${round} of ${ROUNDS}\n`);
  }
  const result = {
    machine: machine(),
    rounds: ROUNDS,
    seconds: summary(),
    ratios: ratios(),
    startMilliseconds: Object.fromEntries(STARTED.map((name) => [name, spread(starts.get(name) ?? [])])),
    bytes: await weights(),
  };
  await mkdir(join(ROOT, 'bench/results'), { recursive: true });
  await writeFile(join(ROOT, 'bench/results/build.json'), `${JSON.stringify(result, null, 2)}\n`);
  console.log(JSON.stringify(result, null, 2));
} finally {
  await cleanUp();
}

/** What `docker` lists, a line each. */
async function listed(args: readonly string[]): Promise<string[]> {
  return (await read('docker', args)).split('\n').filter((line) => line !== '');
}

async function prepare(): Promise<void> {
  for (const name of [...TOOLS, 'google'])
    await cp(join(ROOT, 'samples/disk-usage'), join(work, name), { recursive: true });
  for (const name of ['dockerfile', 'google']) {
    await cp(join(ROOT, 'bench', name), join(work, name), { recursive: true });
    const certificates = join(work, name, 'ca.pem');
    await (CA === undefined ? writeFile(certificates, '') : cp(CA, certificates, { dereference: true }));
  }
  if (CA !== undefined) await writeCaBinding(CA, BINDING);
  const builder = join(work, 'noop-builder');
  await cp(join(ROOT, 'bench/noop'), builder, { recursive: true });
  await cp(lifecycleTar, join(builder, 'lifecycle.tgz'));
  const args = ['builder', 'create', NOOP_BUILDER, '--config', join(builder, 'builder.toml'), '--pull-policy', 'never'];
  await run(pack, args, { stdout: 'ignore' });
}

/** A first build, one after a line has changed, and one after nothing has. */
async function measureBuilds(tool: Tool, round: number): Promise<void> {
  await execa('docker', ['rmi', '--force', imageOf(tool)], { reject: false });
  await measureBuild(tool, 'cold', true);
  await appendFile(join(work, tool, 'index.js'), `// round ${round}\n`);
  await measureBuild(tool, 'changed', false);
  await measureBuild(tool, 'unchanged', false);
}

async function measureBuild(tool: Tool, what: string, cold: boolean): Promise<void> {
  const folder = join(work, tool);
  const image = imageOf(tool);
  const begun = performance.now();
  if (tool === 'dockerfile') {
    const args = ['build', '--force-rm', '--tag', image, ...(cold ? ['--no-cache'] : []), folder];
    await execa('docker', args, { env: NO_BUILDKIT });
  } else {
    const builder = tool === 'noop' ? NOOP_BUILDER : 'openfunction/builder-node';
    const args = ['build', image, '--path', folder, '--builder', builder, ...PACK_OPTIONS];
    await execa(pack, [...args, ...BOUND, ...(cold ? ['--clear-cache'] : [])]);
  }
  push(seconds, `${what} ${tool}`, (performance.now() - begun) / 1000);
}

/** The images that are compared but not timed while they are built. */
async function buildOthers(): Promise<void> {
  const build = ['build', '--force-rm', '--tag'];
  await execa('docker', [...build, imageOf('google'), join(work, 'google')], { env: NO_BUILDKIT });
  const base = join(CACHE, 'tools/slim-base');
  await once(base, async (scratch) => {
    const args = ['--quiet', '--variant=minbase', '--include=ca-certificates', 'trixie', join(scratch, 'base.tar')];
    await run('mmdebstrap', args);
  });
  const file = join(ROOT, 'bench/slim/Dockerfile');
  await execa('docker', [...build, imageOf('slim'), '--file', file, base], { env: NO_BUILDKIT });
}

/** Milliseconds from `docker run` to the first answer of 200. */
async function measureStart(image: string): Promise<number> {
  const port = await freePort();
  const begun = performance.now();
  const args = ['run', '--detach', '--rm', '--publish', `127.0.0.1:${port}:8080`, image];
  const { stdout: container } = await execa('docker', args);
  while (!(await answers(port))) await pause(2);
  const took = performance.now() - begun;
  await execa('docker', ['kill', container]);
  return took;
}

async function answers(port: number): Promise<boolean> {
  return fetch(`http://127.0.0.1:${port}/`).then(
    ({ status }) => status === 200,
    () => false,
  );
}

function summary(): Record<string, unknown> {
  return Object.fromEntries(['cold', 'changed', 'unchanged'].map((what) => [what, spreadsOf(what)]));
}

function spreadsOf(what: string): Record<string, unknown> {
  return Object.fromEntries(TOOLS.map((tool) => [tool, spread(seconds.get(`${what} ${tool}`) ?? [])]));
}

/** The median of one kind of build, in seconds. */
function median(key: string): number {
  return spread(seconds.get(key) ?? []).median;
}

/** What is promised: the first at most 1.1, the second at most 0.5, the third at most 2.5. */
function ratios(): Record<string, number> {
  return {
    'cold to cold Dockerfile': rounded(median('cold pack') / median('cold dockerfile')),
    'changed to cold Dockerfile': rounded(median('changed pack') / median('cold dockerfile')),
    'changed to changed no-op buildpack': rounded(median('changed pack') / median('changed noop')),
    'changed to changed Dockerfile': rounded(median('changed pack') / median('changed dockerfile')),
  };
}

/** Unpacked bytes of the images, and those that are not the run image's. */
async function weights(): Promise<Record<string, unknown>> {
  const base = await sizeOf(RUN_IMAGE);
  const rows = WEIGHED.map(async (name) => {
    const all = await sizeOf(imageOf(name));
    return [name, name === 'slim' ? { all } : { all, aboveRunImage: all - base }] as const;
  });
  return Object.fromEntries(await Promise.all(rows));
}

async function sizeOf(image: string): Promise<number> {
  return Number(await read('docker', ['image', 'inspect', '--format', '{{.Size}}', image]));
}

async function cleanUp(): Promise<void> {
  const names = [...TOOLS, ...WEIGHED].map(imageOf);
  await execa('docker', ['rmi', '--force', ...new Set(names), NOOP_BUILDER], { reject: false });
  // The newest come first, so that none is asked for before those built on it.
  const images = (await listed(IMAGE_IDS)).filter((id) => !imagesBefore.has(id));
  for (const id of images) await execa('docker', ['rmi', '--force', id], { reject: false });
  const volumes = (await listed(VOLUMES)).filter((name) => !volumesBefore.has(name));
  await execa('docker', ['volume', 'rm', ...volumes], { reject: false });
  await rm(work, { recursive: true });
}
