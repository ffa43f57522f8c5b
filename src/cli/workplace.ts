import { createHash } from 'node:crypto';
import { chmod, cp, link, mkdir, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { execa } from 'execa';
import type { BuildRequest } from './build-request.ts';
import type { Home } from './home.ts';
import { copySource } from './source.ts';
import type { Terminal } from './terminal.ts';

/** Folders of one build, on this machine. */
export interface Workplace {
  readonly app: string;
  readonly layers: string;
  readonly platform: string;
  readonly layout: string;
  readonly cache: string;
  /** An empty folder for the root to be mounted on. */
  readonly root: string;
}

/** Makes the folders of a build below `folder`: the source copied, variables and certificates as the platform's files. */
export async function makeWorkplace(
  request: BuildRequest,
  folder: string,
  home: Home,
  terminal: Terminal,
): Promise<Workplace> {
  const at = (name: string): string => join(folder, name);
  const cache = request.clearCache ? at('cache') : buildCache(request.image, home);
  for (const path of [at('layers'), at('layout'), at('root'), at('platform/env'), at('platform/bindings'), cache]) {
    await mkdir(path, { recursive: true });
    // The image remembers the modes of these folders, so the umask must not decide them.
    await chmod(path, 0o755);
  }
  await copySource(request.source, at('app'), terminal, request.provenance?.inSource);
  for (const [name, value] of Object.entries(request.env)) await writeFile(join(at('platform/env'), name), value);
  if (request.caCert !== undefined) await writeCaBinding(request.caCert, at('platform/bindings/ca'));
  return {
    app: at('app'),
    layers: at('layers'),
    platform: at('platform'),
    layout: at('layout'),
    cache,
    root: at('root'),
  };
}

/** The lifecycle's cache of an image. */
export function buildCache(image: string, home: Home): string {
  return join(home.builds, createHash('sha256').update(image).digest('hex').slice(0, 16));
}

/** Gives everything the build reads and writes to the user who builds; only root can and has to. */
export async function giveTo(user: number, group: number, place: Workplace): Promise<void> {
  const owned = [place.app, place.layers, place.platform, place.layout, place.cache];
  await execa('chown', ['--recursive', '--no-dereference', `${user}:${group}`, ...owned]);
}

/** A service binding with certificates: https://github.com/buildpacks/spec/blob/main/extensions/bindings.md */
export async function writeCaBinding(caCert: string, folder: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, 'type'), 'ca-certificates');
  await cp(caCert, join(folder, 'ca.pem'), { dereference: true });
}

/** Puts a copy of a layout elsewhere: blobs, which never change, as hard links where possible. */
export async function copyLayout(from: string, to: string): Promise<void> {
  await mkdir(join(to, 'blobs', 'sha256'), { recursive: true });
  for (const file of ['index.json', 'oci-layout']) await cp(join(from, file), join(to, file));
  for (const blob of await readdir(join(from, 'blobs', 'sha256'))) {
    const path = join('blobs', 'sha256', blob);
    await link(join(from, path), join(to, path)).catch(() => cp(join(from, path), join(to, path)));
  }
}

/** Moves a finished layout to its place in the store, in one step for those who read it. */
export async function placeLayout(from: string, to: string): Promise<void> {
  await mkdir(dirname(to), { recursive: true });
  await rm(to, { recursive: true, force: true });
  await rename(from, to);
}
