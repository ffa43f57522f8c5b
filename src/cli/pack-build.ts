import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { parse } from '@iarna/toml';
import type { BuildRequest } from './build-request.ts';
import { buildFailed } from './build-failure.ts';
import type { Home } from './home.ts';
import { isLocal } from './image-store.ts';
import { createPhaseLog } from './phase-log.ts';
import { runProgram, streamProgram } from './program-run.ts';
import type { BuildOutcome } from './result.ts';
import type { Terminal } from './terminal.ts';
import { writeCaBinding } from './workplace.ts';

/** Builds with pack and the Docker engine that answers. */
export async function buildWithPack(request: BuildRequest, home: Home, terminal: Terminal): Promise<BuildOutcome> {
  await mkdir(home.work, { recursive: true });
  const work = await mkdtemp(join(home.work, 'pack-'));
  try {
    const phases = createPhaseLog(terminal.stdout, terminal.now, request.verbose);
    const ok = await streamProgram(packProgram(home, terminal), await packArgs(request, work), {
      env: terminal.env,
      onLine: (line) => phases.line(line),
    });
    if (!ok) throw buildFailed(phases.current());
    const times = phases.times();
    const report = parse(await readFile(join(work, 'report.toml'), 'utf8'));
    const inEngine = request.publish ? undefined : await inspect(request.image, terminal);
    return {
      image: request.image,
      digest: digestIn(report['image']),
      size: inEngine?.size ?? 0,
      ownSize: inEngine?.ownSize,
      unit: 'unpacked',
      place: request.publish ? 'its registry' : 'the Docker engine',
      phases: times,
    };
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}

function packProgram(home: Home, { env }: Terminal): string {
  const own = join(home.tools, 'pack');
  return env['OFN_PACK'] || (existsSync(own) ? own : 'pack');
}

async function packArgs(request: BuildRequest, work: string): Promise<string[]> {
  const variables = Object.entries(request.env).flatMap(([name, value]) => ['--env', `${name}=${value}`]);
  const args = ['build', request.image, '--builder', request.builder, '--path', request.source, ...variables];
  args.push('--trust-builder', '--pull-policy', 'if-not-present', '--report-output-dir', work, '--no-color');
  if (request.publish) args.push('--publish', ...(isLocal(request.image) ? ['--network', 'host'] : []));
  if (request.clearCache) args.push('--clear-cache');
  if (request.verbose) args.push('--verbose');
  if (request.caCert !== undefined) {
    const binding = join(work, 'ca');
    await writeCaBinding(request.caCert, binding);
    args.push('--volume', `${binding}:/platform/bindings/ca:ro`);
  }
  return args;
}

/** report.toml's digest when the image went to a registry, its ID when it is in an engine. */
function digestIn(image: unknown): string {
  const fields = new Map(Object.entries(image ?? {}).map(([key, value]) => [key, String(value)]));
  return fields.get('digest') ?? `sha256:${fields.get('image-id')?.replace('sha256:', '')}`;
}

async function inspect(name: string, terminal: Terminal): Promise<{ size: number; ownSize: number | undefined }> {
  const sizeOf = async (image: string): Promise<number | undefined> => {
    const { ok, stdout } = await runProgram(
      'docker',
      ['image', 'inspect', '--format', '{{.Size}}', image],
      terminal.env,
    );
    return ok ? Number(stdout) : undefined;
  };
  const label = '{{index .Config.Labels "io.buildpacks.lifecycle.metadata"}}';
  const { stdout } = await runProgram('docker', ['image', 'inspect', '--format', label, name], terminal.env);
  const runImage = /"runImage":\{[^}]*?"image":"([^"]+)"/.exec(stdout)?.[1];
  const size = (await sizeOf(name)) ?? 0;
  const base = runImage === undefined ? undefined : await sizeOf(runImage);
  return { size, ownSize: base === undefined ? undefined : size - base };
}
