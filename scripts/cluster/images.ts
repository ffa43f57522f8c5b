import { createReadStream, createWriteStream } from 'node:fs';
import { chmod, cp, glob, mkdir, readdir, realpath, rm, symlink } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import { blobPath, openLayout } from '../../src/oci/layout.ts';
import { HOST_ARCH, STACK } from '../../stack/definition.ts';
import { type ImageConfig, writeLayout } from '../../stack/layout.ts';
import { packFolder } from '../../stack/tarball.ts';
import { keyOf, once } from '../cache.ts';
import { imageFolder } from '../store.ts';
import { CLUSTER, placeOfProject, type ProjectName, PROJECTS } from './programs.ts';

/** The image that has bash and git: what needs them stands on it. */
const BASE = 'openfunction/build-node:24';
/** What of Tekton and Shipwright runs in containers. */
const IN_CONTAINERS: readonly ProjectName[] = ['tekton', 'shipwright'];
/** The image with git, and a shell for any user. */
export const GIT = 'shipwright-io/build/git';
/** The image of a pod's own process, which keeps its namespaces: Tekton's program that keeps sidecars. */
export const PAUSE = 'pause';
const NOP = 'tektoncd/pipeline/nop';
/** The image that strategies of OpenFunction run scripts in, under its name in the registry. */
const BASH = 'library/bash:5.1.4';
const ROOT_USER = '0:0';
/** No one of an image's /etc/passwd. */
const NOBODY = '65532:65532';

/** The name of the image of a program, by its path as `ko` has it: `github.com/tektoncd/pipeline/cmd/nop`. */
export function imageOfProgram(path: string): string {
  return path.replace('github.com/', '').replace('/cmd/', '/');
}

/** All images of the cluster: their names in the registry and the folders of their layouts. */
export async function listImages(): Promise<ReadonlyMap<string, string>> {
  const made = await placeOfImages();
  const images = new Map<string, string>();
  for await (const file of glob('**/oci-layout', { cwd: made })) {
    images.set(dirname(file).replace('+', ':'), join(made, dirname(file)));
  }
  return images;
}

/** Makes the images of Tekton and Shipwright as OCI layouts, once: each has one program. */
export async function makeImages(): Promise<void> {
  await once(await placeOfImages(), async (folder) => {
    console.log('Making the images of Tekton and Shipwright ...');
    const scratch = join(folder, 'scratch');
    await mkdir(scratch);
    const write = async (image: string, tars: readonly string[], start: Start): Promise<void> =>
      writeImage(join(folder, image.replace(':', '+')), tars, start);
    const base = await layersOfBase(scratch);
    await write(BASH, [...base, await packBash(scratch)], { User: ROOT_USER, Entrypoint: ['bash'] });
    for (const name of IN_CONTAINERS) {
      const bin = join(await placeOfProject(name), 'bin');
      for (const program of await readdir(bin)) {
        const image = imageOfProgram(`${PROJECTS[name].path}/cmd/${program}`);
        const tars = [...(image === GIT ? base : []), await packProgram(join(bin, program), scratch)];
        const start = { User: NOBODY, Entrypoint: [`/ko-app/${program}`] };
        await write(image, tars, start);
        if (image === NOP) {
          await write(PAUSE, tars, { ...start, Entrypoint: [...start.Entrypoint, 'tekton_run_indefinitely'] });
        }
      }
    }
    await rm(scratch, { recursive: true });
  });
}

async function placeOfImages(): Promise<string> {
  const sources = await Promise.all(IN_CONTAINERS.map(placeOfProject));
  const key = await keyOf(['scripts/cluster/images.ts'], [...sources, await realpath(imageFolder(BASE))]);
  return join(CLUSTER, `images-${key}`);
}

/** The layers of the base as tar files, the lowest first. */
async function layersOfBase(scratch: string): Promise<string[]> {
  const image = await openLayout(imageFolder(BASE), HOST_ARCH);
  if (image === undefined) throw new Error(`Couldn't find ${BASE} in the image store: run "make stack" first.`);
  const tars: string[] = [];
  for (const [index, { digest }] of image.layers.entries()) {
    const tar = join(scratch, `base-${index}.tar`);
    await pipeline(createReadStream(blobPath(image.folder, digest)), createGunzip(), createWriteStream(tar));
    tars.push(tar);
  }
  return tars;
}

/** What Tekton and Shipwright expect of their images: the program's place, and folders that everybody may write to. */
async function packProgram(program: string, scratch: string): Promise<string> {
  const root = join(scratch, 'program');
  await rm(root, { recursive: true, force: true });
  await mkdir(join(root, 'ko-app'), { recursive: true });
  await cp(program, join(root, 'ko-app', program.slice(program.lastIndexOf('/') + 1)));
  for (const folder of ['tmp', 'shared-home']) {
    await mkdir(join(root, folder));
    await chmod(join(root, folder), 0o1777);
  }
  await packFolder(root, `${root}.tar`);
  return `${root}.tar`;
}

/** bash where it is in its own image. */
async function packBash(scratch: string): Promise<string> {
  const root = join(scratch, 'bash');
  await mkdir(join(root, 'usr/local/bin'), { recursive: true });
  await symlink('/bin/bash', join(root, 'usr/local/bin/bash'));
  await packFolder(root, `${root}.tar`);
  return `${root}.tar`;
}

/** How the program of an image is started. */
interface Start {
  readonly User: string;
  readonly Entrypoint: readonly string[];
}

async function writeImage(folder: string, tars: readonly string[], start: Start): Promise<void> {
  const config: ImageConfig & Start = {
    Env: ['PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin', 'HOME=/shared-home'],
    WorkingDir: '/',
    Labels: {},
    ...start,
  };
  const layers = tars.map((tar) => ({ tar, createdBy: 'scripts/cluster/images.ts' }));
  await writeLayout(folder, { arch: HOST_ARCH, created: STACK.released, config, layers });
}
