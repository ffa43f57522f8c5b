import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { execa } from 'execa';
import { ROOT, artefact } from './artefact.ts';
import { on, type Machine } from './machine.ts';
import { makeFolder } from './workspace.ts';

/** A lifecycle's side of one app: its folders stay from build to build. */
export interface Site {
  readonly app: string;
  readonly layers: string;
  detect(env?: Readonly<Record<string, string>>): Promise<Phase>;
  /** `bindings` are the files of service bindings. */
  build(env?: Readonly<Record<string, string>>, bindings?: Readonly<Record<string, string>>): Promise<Phase>;
  /** Builds where there is no network but the loopback interface. */
  buildCutOff(env?: Readonly<Record<string, string>>): Promise<Phase>;
  /** Leaves what a lifecycle without a cache leaves of launch layers: metadata alone, without types. */
  forgetContents(): void;
}

/** How a phase ended, its output with paths by name. */
export interface Phase {
  readonly exitCode: number | undefined;
  readonly output: string;
}

const NODE = '24.21.0';
const CUT_OFF = ['unshare', '--net', 'sh', '-c', 'ip link set lo up && exec "$@"', 'sh'];

/** Prepares an app out of files, or out of a sample, on this machine or on another one; it may be a folder of these files. */
export function makeSite(source: Readonly<Record<string, string>> | string, machine?: Machine, folder = ''): Site {
  const app = join(typeof source === 'string' ? makeFolder() : makeFolder(source), folder);
  if (typeof source === 'string') cpSync(join(ROOT, 'samples', source), app, { recursive: true });
  const cnb = makeFolder({ 'plan.toml': '' });
  const layers = join(cnb, 'layers');
  mkdirSync(layers);
  const seen = machine?.place ?? { app, layers };
  const prefix = machine === undefined ? [] : on(machine, { app, layers });
  const run =
    (phase: 'detect' | 'build', before: readonly string[] = prefix) =>
    async (env: Readonly<Record<string, string>> = {}, bindings: Readonly<Record<string, string>> = {}) => {
      const bound = Object.entries(bindings).map(([path, text]) => [`bindings/${path}`, text]);
      const platform = makeFolder({ 'env/BP_RUN_IMAGE_NODE_VERSION': NODE, ...Object.fromEntries(bound) });
      for (const [name, value] of Object.entries(env)) writeFileSync(join(platform, 'env', name), value);
      artefact(`dist/${phase}/index.js`);
      const [program, ...args] = [...before, join(ROOT, 'bin', phase)];
      const { exitCode, all } = await execa(program, args, {
        cwd: app,
        env: {
          PATH: process.env['PATH'],
          HOME: cnb,
          TMPDIR: cnb,
          CNB_BUILDPACK_DIR: ROOT,
          CNB_PLATFORM_DIR: platform,
          CNB_BUILD_PLAN_PATH: join(cnb, 'build-plan.toml'),
          CNB_BP_PLAN_PATH: join(cnb, 'plan.toml'),
          CNB_LAYERS_DIR: seen.layers,
          CNB_TARGET_OS: 'linux',
          CNB_TARGET_ARCH: 'amd64',
          ...machine?.env,
          ...(process.env['NODE_EXTRA_CA_CERTS'] ? { NODE_EXTRA_CA_CERTS: process.env['NODE_EXTRA_CA_CERTS'] } : {}),
        },
        extendEnv: false,
        all: true,
        reject: false,
      });
      return { exitCode, output: all.replaceAll(seen.app, '<app>').replaceAll(seen.layers, '<layers>') };
    };
  return {
    app,
    layers,
    detect: run('detect'),
    build: run('build'),
    buildCutOff: async (env) => run('build', CUT_OFF)(env),
    forgetContents: () => forgetContents(layers),
  };
}

function forgetContents(layers: string): void {
  for (const layer of ['application', 'compile-cache', 'framework', 'function', 'modules', 'node']) {
    rmSync(join(layers, layer), { recursive: true, force: true });
    const file = join(layers, `${layer}.toml`);
    if (existsSync(file)) writeFileSync(file, readFileSync(file, 'utf8').replace(/\[types\]\n(?:\w+ = \w+\n)+/, ''));
  }
  for (const layer of ['downloads', 'node-package', 'package-manager']) {
    rmSync(join(layers, layer), { recursive: true, force: true });
    rmSync(join(layers, `${layer}.toml`), { force: true });
  }
}

/** What a build printed, without how many modules it compiled: the framework has more and fewer. */
export function withoutCounts(output: string): string {
  return output.replaceAll(/Compile cache: (\d+) of \1 modules/g, 'Compile cache: all modules');
}
