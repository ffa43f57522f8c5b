import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parse } from '@iarna/toml';
import { copyBills } from './bills-folder.ts';
import type { BuildRequest } from './build-request.ts';
import { buildFailed } from './build-failure.ts';
import type { Home } from './home.ts';
import { isLocal } from './image-store.ts';
import { createPhaseLog } from './phase-log.ts';
import { engineImage, sentImage } from './engine-image.ts';
import { streamProgram } from './program-run.ts';
import type { BuildOutcome } from './result.ts';
import { withScratch } from '../base/scratch.ts';
import type { Terminal } from './terminal.ts';
import { writeCaBinding } from './workplace.ts';

/** What pack builds for where nobody says otherwise. */
const PRODUCTION = 'production';

/** Builds with pack and the Docker engine that answers. */
export async function buildWithPack(request: BuildRequest, home: Home, terminal: Terminal): Promise<BuildOutcome> {
  return withScratch(home.work, 'pack', async (work) => {
    const phases = createPhaseLog(terminal.stdout, terminal.now, request.verbose);
    const args = await packArgs(request, work, terminal);
    const ok = await streamProgram(packProgram(home, terminal), args, terminal, (line) => phases.line(line));
    if (!ok) throw buildFailed(phases.current());
    const times = phases.times();
    await copyBills(work, request.sbomOutputDir, terminal);
    const image = reportOf(await readFile(join(work, 'report.toml'), 'utf8'));
    return {
      image: request.image,
      ...(request.publish
        ? await sentImage(request.image, image.get('digest') ?? '', terminal)
        : await engineImage(request.image, image.get('image-id') ?? '', terminal)),
      phases: times,
    };
  });
}

function packProgram(home: Home, { env }: Terminal): string {
  const own = join(home.tools, 'pack');
  return env['OFN_PACK'] || (existsSync(own) ? own : 'pack');
}

async function packArgs(request: BuildRequest, work: string, { env }: Terminal): Promise<string[]> {
  const variables = Object.entries(request.env).flatMap(([name, value]) => ['--env', `${name}=${value}`]);
  const args = ['build', request.image, '--builder', request.builder, '--path', request.source, ...variables];
  args.push('--trust-builder', '--pull-policy', 'if-not-present', '--report-output-dir', work, '--no-color');
  // pack would give the build the default engine's socket.
  if (env['DOCKER_HOST']) args.push('--docker-host', 'inherit');
  if (request.publish) args.push('--publish');
  // Into a folder that is there pack puts its folder `sbom`.
  if (request.sbomOutputDir !== undefined) args.push('--sbom-output-dir', work);
  // As docker build does; pack would make a network for the build, and remove it.
  args.push('--network', request.publish && isLocal(request.image) ? 'host' : 'bridge');
  // Older packs have no such option, and their images are for production.
  if (request.execEnv !== PRODUCTION) args.push('--exec-env', request.execEnv);
  if (request.created !== undefined) args.push('--creation-time', `${request.created}`);
  if (request.clearCache) args.push('--clear-cache');
  if (request.verbose) args.push('--verbose');
  if (request.caCert !== undefined) {
    const binding = join(work, 'ca');
    await writeCaBinding(request.caCert, binding);
    args.push('--volume', `${binding}:/platform/bindings/ca:ro`);
  }
  return args;
}

/** The table `image` of report.toml: https://github.com/buildpacks/spec/blob/main/platform.md#reporttoml-toml */
function reportOf(text: string): ReadonlyMap<string, string> {
  return new Map(Object.entries(parse(text)['image'] ?? {}).map(([key, value]) => [key, String(value)]));
}
