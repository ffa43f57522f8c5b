// Makes the build image and the run images as OCI layouts in the image store.
import { mkdir, readdir, rm, symlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { bootstrap, downloadRunPackages, listPackages } from '../stack/debian.ts';
import { ARCHITECTURES, HOST_ARCH, STACK, type Arch } from '../stack/definition.ts';
import { buildImage, runImage } from '../stack/images.ts';
import { writeLayout } from '../stack/layout.ts';
import { fetchPackage } from '../stack/npm-package.ts';
import { CACHE, keyOf, once, ROOT } from './cache.ts';
import { needPrograms, read } from './command.ts';
import { imageFolder } from './store.ts';

/**
 * Makes the images of an architecture below `folder`: `run`, the versions of its packages in `packages`, and `build` where
 * this machine can run the programs that install Debian.
 */
export async function makeStack(arch: Arch, folder: string): Promise<void> {
  // Images remember the modes of their files.
  process.umask(0o022);
  const scratch = join(folder, 'scratch');
  await mkdir(scratch, { recursive: true });
  const { version, packages } = STACK.node;
  const node = await fetchPackage({ version, ...packages[arch] }, scratch);
  const debs = join(scratch, 'debs');
  const shop = { arch, scratch, node };
  if (arch === HOST_ARCH) {
    const debianTar = join(scratch, 'debian.tar');
    await bootstrap(arch, debianTar, debs);
    const npm = await fetchPackage(STACK.npm, scratch);
    await writeLayout(join(folder, 'build'), await buildImage(shop, { debianTar, npm }));
  } else {
    await downloadRunPackages(arch, debs);
  }
  await writeLayout(join(folder, 'run'), await runImage(shop, debs));
  await writeFile(join(folder, 'packages'), `${(await listPackages(debs)).join('\n')}\n`);
  await rm(scratch, { recursive: true });
}

/** Makes the images of an architecture, once, and puts them into the image store. */
async function provideStack(arch: Arch, sources: readonly string[]): Promise<void> {
  const made = join(CACHE, 'stack', `${await keyOf(sources)}-${arch}`);
  await once(made, (folder) => makeStack(arch, folder));
  for (const kind of arch === HOST_ARCH ? (['build', 'run'] as const) : (['run'] as const)) {
    const name = `openfunction/${kind}-node:${STACK.node.version.split('.')[0]}`;
    const place = imageFolder(name, arch);
    await mkdir(dirname(place), { recursive: true });
    await rm(place, { recursive: true, force: true });
    await symlink(join(made, kind), place);
    console.log(`${name} (${arch}): ${await read('du', ['-sh', join(made, kind)])}`);
  }
}

if (import.meta.main) {
  await needPrograms({ mmdebstrap: 'mmdebstrap', 'dpkg-deb': 'dpkg' });
  const sources = (await readdir(join(ROOT, 'stack'))).toSorted().map((name) => `stack/${name}`);
  for (const arch of ARCHITECTURES) await provideStack(arch, sources);
}
