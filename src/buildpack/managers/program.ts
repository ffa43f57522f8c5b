import { createHash } from 'node:crypto';
import { readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { maxSatisfying, satisfies, valid } from 'semver';
import { FnError } from '../../base/error.ts';
import type { Log } from '../../base/log.ts';
import { withScratch } from '../../base/scratch.ts';
import type { Environment } from '../../base/setting.ts';
import { createFolder, openLayer, writeLayer } from '../../libcnb/layer.ts';
import { writeText } from '../../libcnb/text-file.ts';
import { readTomlIfPresent } from '../../libcnb/toml-file.ts';
import { isTable } from '../../base/table.ts';
import type { ManagerChoice } from './choose.ts';
import type { ManagerName, ProgramPackage } from './manager.ts';
import { PINNED } from './pinned.ts';
import { ONE_RUN } from './one-run.ts';
import { askNpm, downloadPackage, unpackTarball } from './registry.ts';

/** Where a package manager is wanted. */
export interface ProgramRequest {
  readonly choice: ManagerChoice;
  readonly appDir: string;
  readonly layersDir: string;
  /** Architecture in the spec's terms: amd64, arm64. */
  readonly arch: string;
  readonly env: Environment;
  readonly log: Log;
}

/** A package manager that can be started. */
export interface ManagerProgram {
  readonly name: ManagerName;
  readonly command: readonly [string, ...string[]];
  /** Its exact version; undefined for the builder's npm and for a program that the project brings. */
  readonly version: string | undefined;
  /** What its runs need in their environment: scripts call it by its name. */
  readonly env: Environment;
}

/** The npm of the builder. */
export const BUILDERS_NPM: ManagerProgram = { name: 'npm', command: ['npm'], version: undefined, env: ONE_RUN };

const LAYER = 'package-manager';

/**
 * Lends the package manager of a project: the builder's npm, a program that the project brings, or the version it asks
 * for, fetched with npm, so that npm's registry, credentials, proxy and certificates hold.
 */
export async function withProgram<T>(
  request: ProgramRequest,
  use: (program: ManagerProgram) => Promise<T>,
): Promise<T> {
  return withScratch(tmpdir(), 'ofn-bin', async (folder) => use(await provideProgram(request, folder)));
}

/** `folder` is for a script of the manager's name. */
async function provideProgram(request: ProgramRequest, folder: string): Promise<ManagerProgram> {
  const { choice, appDir, layersDir, log } = request;
  const own = await choice.manager.ownProgram?.(appDir);
  if (own !== undefined) {
    log.info(`Package manager: ${choice.manager.name}, ${own.name} of the app`);
    return started(request, folder, { command: own.command, version: undefined });
  }
  if (choice.version === undefined || (await isBuilders(request, choice.version))) {
    return BUILDERS_NPM;
  }
  const version = await exactVersion(request, choice.version);
  const spec = `${choice.manager.name}@${version}`;
  const metadata = { spec, hash: choice.hash ?? '', arch: request.arch };
  const layer = await openLayer(layersDir, { name: LAYER, types: { cache: true }, metadata });
  if (layer.state.kind === 'empty') await fetchPackages(request, version, await createFolder(layer));
  await writeLayer(layersDir, layer, metadata);
  const origin = layer.state.kind === 'empty' ? 'from the registry' : 'reused';
  log.info(`Package manager: ${spec}, ${origin} (${choice.source})`);
  const command = await choice.manager.program(layer.folder, version, request.arch);
  return started(request, folder, { command, version });
}

/** A program with a script of its name first in PATH. */
async function started(
  { choice, env }: ProgramRequest,
  folder: string,
  { command, version }: Pick<ManagerProgram, 'command' | 'version'>,
): Promise<ManagerProgram> {
  const words = command.map((word) => `'${word.replaceAll("'", `'\\''`)}'`).join(' ');
  await writeText(join(folder, choice.manager.name), `#!/bin/sh\nexec ${words} "$@"\n`, 0o755);
  return {
    name: choice.manager.name,
    command,
    version,
    env: { ...ONE_RUN, ...choice.manager.runs, PATH: `${folder}:${env['PATH'] ?? ''}` },
  };
}

/** Lets the lifecycle keep the package manager that it brought back, in a build that does not need one. */
export async function keepProgram(layersDir: string): Promise<void> {
  const known = (await readTomlIfPresent(join(layersDir, `${LAYER}.toml`)))?.['metadata'];
  if (!isTable(known)) return;
  const metadata = Object.fromEntries(Object.entries(known).map(([key, value]) => [key, String(value)]));
  await writeLayer(layersDir, await openLayer(layersDir, { name: LAYER, types: { cache: true }, metadata }), metadata);
}

/** The builder's npm will do when it is one that is wanted, and nobody wants to see its hash. */
async function isBuilders({ choice, env, appDir }: ProgramRequest, wanted: string): Promise<boolean> {
  if (choice.manager.name !== 'npm' || choice.hash !== undefined) return false;
  return satisfies(await askNpm(['--version'], { env, appDir }), wanted);
}

async function exactVersion({ choice, arch, env, appDir }: ProgramRequest, wanted: string): Promise<string> {
  const exact = valid(wanted);
  if (exact !== null) return exact;
  const [main] = choice.manager.packagesOf(wanted, arch);
  const answer: unknown = JSON.parse(
    await askNpm(['view', `${main.name}@${wanted}`, 'version', '--json'], { env, appDir }),
  );
  const versions = (Array.isArray(answer) ? answer : [answer]).map(String);
  return maxSatisfying(versions, wanted) ?? wanted;
}

async function fetchPackages(request: ProgramRequest, version: string, folder: string): Promise<void> {
  const { choice, arch } = request;
  for (const [index, part] of choice.manager.packagesOf(version, arch).entries()) {
    const into = join(folder, part.name);
    const tarball = await downloadPackage(`${part.name}@${version}`, folder, request);
    await unpackTarball(tarball.path, into);
    const pinned = PINNED[`${part.name}@${version}`];
    if (pinned !== undefined && pinned !== tarball.integrity)
      throw differs(part.name, version, tarball.integrity, pinned);
    if (index === 0 && choice.hash !== undefined)
      await verifyHash(part, version, choice.hash, { tarball: tarball.path, into });
    await rm(tarball.path);
  }
}

async function verifyHash(
  part: ProgramPackage,
  version: string,
  wanted: string,
  { tarball, into }: { readonly tarball: string; readonly into: string },
): Promise<void> {
  const [algorithm = '', hex] = wanted.split('.');
  const bytes = await readFile(part.hashed === undefined ? tarball : join(into, part.hashed));
  const found = createHash(algorithm).update(bytes).digest('hex');
  if (found !== hex) throw differs(part.name, version, `${algorithm}.${found}`, wanted);
}

/** The registry that npm's configuration names. */
export async function registryOf(at: { readonly env: Environment; readonly appDir: string }): Promise<string> {
  return askNpm(['config', 'get', 'registry'], at);
}

function differs(name: string, version: string, found: string, wanted: string): FnError {
  return new FnError(`Couldn't use ${name}@${version}: its bytes are ${found}, and ${wanted} is promised.`, {
    code: 'OFN-DEPS-INTEGRITY',
    hint: `Find out why the registry serves other bytes; when they are right, correct the hash in "packageManager" of package.json.`,
  });
}
