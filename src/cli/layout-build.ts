import { existsSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { FnError } from '../base/error.ts';
import type { Environment } from '../base/setting.ts';
import { conformLayout } from '../oci/conform.ts';
import type { LayoutImage } from '../oci/layout.ts';
import { layoutPath, parseReference } from '../oci/reference.ts';
import { unpackImage, type UnpackedImage } from '../oci/unpack.ts';
import { copyBills } from './bills-folder.ts';
import { buildFailed } from './build-failure.ts';
import type { BuildRequest } from './build-request.ts';
import { readBuilder, type Builder } from './builder-metadata.ts';
import type { Home } from './home.ts';
import { imageFolder, needImage, publishImage } from './image-store.ts';
import { createPhaseLog, type PhaseTime } from './phase-log.ts';
import { startRecord } from './provenance/record.ts';
import type { BuildOutcome } from './result.ts';
import { needSandbox, startSandbox, type Sandbox } from './sandbox.ts';
import { withScratch } from '../base/scratch.ts';
import type { Terminal } from './terminal.ts';
import { copyLayout, giveTo, makeWorkplace, placeLayout, type Workplace } from './workplace.ts';

const PROXIES = ['HTTP_PROXY', 'HTTPS_PROXY', 'NO_PROXY', 'http_proxy', 'https_proxy', 'no_proxy'];

/**
 * Builds without a daemon: the lifecycle's own `creator` runs inside the builder image's file system, with OCI layouts
 * in and out, so that the result does not depend on this machine.
 */
export async function buildWithLayout(request: BuildRequest, home: Home, terminal: Terminal): Promise<BuildOutcome> {
  await needSandbox(terminal);
  const builderImage = await needImage(request.builder, home, terminal);
  const builder = readBuilder(request.builder, builderImage);
  const { foreignArch } = request;
  const base = await needImage(builder.runImage, home, terminal, foreignArch);
  const root = await unpackImage(builderImage, home.layers);
  if (foreignArch !== undefined) needLauncher(root, request.builder, foreignArch);
  return withScratch(home.work, 'build', async (folder) => {
    const place = await makeWorkplace(request, folder, home, terminal);
    const record = await startRecord(request, place.app, terminal);
    const stored = imageFolder(request.image, home, foreignArch);
    const output = join(place.layout, layoutPath(parseReference(request.image)));
    if (existsSync(stored)) await copyLayout(stored, output);
    await mkdir(join(place.layout, layoutPath(parseReference(builder.runImage))), { recursive: true });
    if (terminal.uid === 0) await giveTo(builder.user, builder.group, place);
    const sandbox: Sandbox = {
      image: root,
      scratch: place.root,
      mounts: mountsOf(place, base, builder),
      env: environmentOf(builderImage, request, terminal.env),
      workingDir: '/workspace',
      user: builder.user,
      group: builder.group,
      writable: true,
      command: creatorCommand(request, builder),
    };
    const phases = await runCreator(sandbox, request, terminal);
    await copyBills(place.layers, request.sbomOutputDir, terminal);
    await conformLayout(output);
    await placeLayout(output, stored);
    if (request.publish) await publishImage(stored, request.image, home, terminal);
    const image = await needImage(request.image, home, terminal, foreignArch);
    const images = { image, builder: builderImage, runImage: base, runImageName: builder.runImage };
    await record?.(images, place.layers);
    return outcomeOf(request, image, base, phases);
  });
}

async function runCreator(sandbox: Sandbox, request: BuildRequest, terminal: Terminal): Promise<readonly PhaseTime[]> {
  const phases = createPhaseLog(terminal.stdout, terminal.now, request.verbose);
  const creator = startSandbox(sandbox, terminal);
  const stop = (): void => void creator.signal('SIGKILL');
  terminal.onStop(stop);
  if (terminal.stopped.aborted) stop();
  for await (const line of creator.lines) phases.line(line);
  terminal.stopped.throwIfAborted();
  if ((await creator.ended) !== 0) throw buildFailed(phases.current());
  return phases.times();
}

/** Paths are the same in every build, because images and compilers remember them. */
function mountsOf(place: Workplace, base: LayoutImage, builder: Builder): Sandbox['mounts'] {
  const runImage = layoutPath(parseReference(builder.runImage));
  return [
    { from: place.app, to: '/workspace' },
    { from: place.layers, to: '/layers' },
    { from: place.platform, to: '/platform', readOnly: true },
    { from: place.cache, to: '/cache' },
    { from: place.layout, to: '/layout' },
    { from: base.folder, to: `/layout/${runImage}`, readOnly: true },
  ];
}

/** https://github.com/buildpacks/spec/blob/main/platform.md#creator */
function creatorCommand(request: BuildRequest, { user, group, runImage }: Builder): string[] {
  const flags = {
    app: '/workspace',
    'cache-dir': '/cache',
    gid: group,
    layers: '/layers',
    ...(request.foreignArch === undefined ? {} : { launcher: launcherFor(request.foreignArch) }),
    'layout-dir': '/layout',
    'log-level': request.verbose ? 'debug' : 'info',
    platform: '/platform',
    'previous-image': request.image,
    report: '/layers/report.toml',
    'run-image': runImage,
    'skip-restore': request.clearCache,
    uid: user,
  };
  const words = Object.entries(flags).map(([name, value]) => `-${name}=${value}`);
  return ['/cnb/lifecycle/creator', '-layout', '-no-color', ...words, request.image];
}

/** Where builders keep the launcher of an architecture that is not their own. */
function launcherFor(arch: string): string {
  return `/cnb/lifecycle/launcher-${arch}`;
}

function needLauncher({ folder, layers }: UnpackedImage, builder: string, arch: string): void {
  if (layers.some((layer) => existsSync(join(folder, layer, launcherFor(arch))))) return;
  throw new FnError(`Couldn't build for linux/${arch}: ${builder} has no launcher for it.`, {
    code: 'OFN-CLI-ARGUMENT',
    hint: 'Use the builder openfunction/builder-node, or build on a machine of that architecture.',
  });
}

function environmentOf({ config }: LayoutImage, { created, execEnv }: BuildRequest, env: Environment): Environment {
  const proxies = Object.fromEntries(PROXIES.map((name) => [name, env[name]]));
  // Platform API 0.15 is the newest that lifecycle 0.21 speaks; layouts are experimental in all of them.
  const platform = { CNB_PLATFORM_API: '0.15', CNB_EXPERIMENTAL_MODE: 'warn', CNB_EXEC_ENV: execEnv };
  const time = created === undefined ? {} : { SOURCE_DATE_EPOCH: `${created}` };
  return { ...proxies, ...config.env, HOME: '/home/cnb', ...platform, ...time };
}

function outcomeOf(
  request: BuildRequest,
  image: LayoutImage,
  base: LayoutImage,
  phases: readonly PhaseTime[],
): BuildOutcome {
  return {
    image: request.image,
    id: { label: 'digest', value: image.digest },
    size: sizeOf(image.layers),
    ownSize: sizeOf(image.layers.slice(base.layers.length)),
    unit: 'compressed',
    place: request.publish ? `its registry and ${image.folder}` : `the OCI layout ${image.folder}`,
    phases,
  };
}

function sizeOf(layers: LayoutImage['layers']): number {
  return layers.reduce((sum, { size }) => sum + size, 0);
}
