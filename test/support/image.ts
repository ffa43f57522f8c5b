import { cpSync, existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { rm, rmdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { execa } from 'execa';
import { onTestFinished } from 'vitest';
import { CACHE } from '../../scripts/cache.ts';
import { imageFolder } from '../../scripts/store.ts';
import { findTools } from '../../scripts/tools.ts';
import { findHome } from '../../src/cli/home.ts';
import { buildCache } from '../../src/cli/workplace.ts';
import { openLayout } from '../../src/oci/layout.ts';
import { parseReference } from '../../src/oci/reference.ts';
import { ARCHITECTURES, HOST_ARCH } from '../../stack/definition.ts';
import { artefact, ROOT } from './artefact.ts';
import { startContainer } from './container.ts';
import { ownPort } from './own-port.ts';
import { start } from './process.ts';
import { end, expectPrinted } from './server-process.ts';
import { makeFolder } from './workspace.ts';

/** The two ways to build and run: with the Docker engine, and without a daemon. */
export const WAYS = ['docker', 'none'] as const;

/** One of them. */
export type Way = (typeof WAYS)[number];

/** How a run of `ofn` ended. */
export interface OfnResult {
  readonly exitCode: number | undefined;
  readonly output: string;
  /** From the line `digest`. */
  readonly digest: string | undefined;
}

/** Runs `ofn` to its end; `before` are words in front of it, such as those of another program that starts it. */
export async function ofn(args: readonly string[], before: readonly string[] = []): Promise<OfnResult> {
  const [program = 'node', ...words] = [...before, 'node', artefact('dist/cli/index.js'), ...args];
  const { exitCode, all } = await execa(program, words, { all: true, reject: false });
  return { exitCode, output: all, digest: digestIn(all) };
}

/** The digest that `ofn` prints; undefined where it prints none. */
export function digestIn(output: string): string | undefined {
  return /^digest +(sha256:[0-9a-f]{64})$/m.exec(output)?.[1];
}

/** Words of `ofn` that set variables of a build. */
export function variables(env: Readonly<Record<string, string>>): string[] {
  return Object.entries(env).flatMap(([name, value]) => ['--env', `${name}=${value}`]);
}

/** Digests of all layers of an image as plain tar files, the lowest first. */
export async function layersOf(way: Way, image: string): Promise<readonly string[]> {
  if (way === 'none') return (await openLayout(imageFolder(image), HOST_ARCH))?.diffIds ?? [];
  const { stdout } = await execa('docker', ['image', 'inspect', '--format', '{{json .RootFS.Layers}}', image]);
  return JSON.parse(stdout);
}

/** Starts an image as a user it does not know on a read-only root, and gives the function's address. */
export async function startImage(way: Way, image: string): Promise<string> {
  if (way === 'docker') return (await startContainer(image, '12345:54321')).url;
  const port = String(await ownPort());
  const args = ['run', image, '--engine', 'none', '--user', '12345', '--port', port, '--env', 'NODE_ENV=development'];
  const running = start('node', [artefact('dist/cli/index.js'), ...args]);
  // A command that is killed leaves its folder behind.
  onTestFinished(() => end(running, 'SIGTERM'));
  await expectPrinted(running, 'URL: http://localhost:');
  return `http://127.0.0.1:${port}`;
}

/** A copy of a sample, for tests to change. */
export function copyOfSample(name: string): string {
  const folder = makeFolder();
  cpSync(join(ROOT, 'samples', name), folder, { recursive: true });
  return folder;
}

/** Builds an image that is gone when the test ends; the build must succeed. */
export async function buildImage(way: Way, source: string, image: string, ...args: string[]): Promise<OfnResult> {
  const result = await tryBuild(way, source, image, ...args);
  if (result.exitCode !== 0) throw new Error(result.output);
  return result;
}

/** Builds an image, if it can be built; it and its caches are gone when the test ends. */
export async function tryBuild(way: Way, source: string, image: string, ...args: string[]): Promise<OfnResult> {
  onTestFinished(() => (way === 'docker' ? removeFromEngine(image) : removeFromStore(image)));
  return ofn(['build', source, '--image', image, '--engine', way, ...args]);
}

/** Builds with pack itself, the image and caches gone when the test ends, and gives what it printed. */
export async function packBuild(source: string, image: string, ...args: string[]): Promise<string> {
  const { pack } = await findTools();
  onTestFinished(() => removeFromEngine(image));
  // The engine that DOCKER_HOST names need not be the default one.
  const engine = process.env['DOCKER_HOST'] ? ['--docker-host', 'inherit'] : [];
  const words = ['build', image, '--path', source, '--trust-builder', '--pull-policy', 'never', '--no-color'];
  const { all } = await execa(pack, [...words, ...engine, ...args], { all: true });
  return all;
}

/** Removes an image of the engine and the caches pack keeps for it. */
export async function removeFromEngine(image: string): Promise<void> {
  await execa('docker', ['rmi', '--force', image], { reject: false });
  await removeVolumes(image);
}

/** Removes the volumes in which pack keeps the caches of an image. */
export async function removeVolumes(image: string): Promise<void> {
  const { repository, tag } = parseReference(image);
  // pack puts underscores between the parts of a name, and into words that it takes for names of devices.
  const plain = (name: string): string => name.replaceAll(/[_/]/g, '');
  const { stdout } = await execa('docker', ['volume', 'ls', '--quiet', '--filter', 'name=pack-cache-']);
  for (const name of stdout.split('\n')) {
    if (!plain(name).startsWith(plain(`pack-cache-${repository}${tag}-`))) continue;
    await execa('docker', ['volume', 'rm', name]);
  }
}

/** Removes an image of the image store, the folders that are empty without it, and the lifecycle's cache. */
async function removeFromStore(image: string): Promise<void> {
  const home = findHome({ OFN_CACHE_DIR: CACHE });
  await rm(buildCache(image, home), { recursive: true, force: true });
  for (const arch of ARCHITECTURES) await rm(imageFolder(image, arch), { recursive: true, force: true });
  await removeEmpty(dirname(imageFolder(image)), home.images);
}

/** Removes a folder and those above it, up to `top`, as far as they are empty. */
async function removeEmpty(folder: string, top: string): Promise<void> {
  if (folder === top) return;
  const removed = await rmdir(folder).then(
    () => true,
    () => false,
  );
  if (removed || !existsSync(folder)) await removeEmpty(dirname(folder), top);
}

/** Makes a folder look as if the same files were checked out elsewhere, later, with other permissions of the group. */
export function checkOutAgain(source: string): string {
  const folder = join(makeFolder(), 'deep', 'er');
  mkdirSync(folder, { recursive: true });
  cpSync(source, folder, { recursive: true, preserveTimestamps: false });
  return folder;
}

/** Appends a line to a file of an app. */
export function changeSource(app: string, file: string, text: string): void {
  writeFileSync(join(app, file), text, { flag: 'a' });
}
