// Makes the build image and the run image as OCI layouts in the image store: `node scripts/stack.ts [amd64|arm64]`.
import { cp, mkdir, readdir, rm, symlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { bootstrap, listPackages } from '../stack/debian.ts';
import { HOST_ARCH, STACK, type Arch } from '../stack/definition.ts';
import { buildImage, runImage } from '../stack/images.ts';
import { writeLayout } from '../stack/layout.ts';
import { fetchPackage } from '../stack/npm-package.ts';
import { CACHE, keyOf, once, ROOT } from './cache.ts';
import { needPrograms, read } from './command.ts';
import { imageFolder } from './store.ts';

/** Makes both images below `folder`: `build`, `run`, and the versions of the run image's packages in `packages`. */
export async function makeStack(arch: Arch, folder: string): Promise<void> {
  // Images remember the modes of their files.
  process.umask(0o022);
  const scratch = join(folder, 'scratch');
  await mkdir(scratch, { recursive: true });
  const { version, packages } = STACK.node;
  const downloads = {
    node: await fetchPackage({ version, ...packages[arch] }, scratch),
    npm: await fetchPackage(STACK.npm, scratch),
  };
  const debs = join(scratch, 'debs');
  const debianTar = join(scratch, 'debian.tar');
  await bootstrap(arch, debianTar, debs);
  const shop = { arch, scratch, downloads };
  await writeLayout(join(folder, 'build'), await buildImage(shop, debianTar));
  await writeLayout(join(folder, 'run'), await runImage(shop, debs));
  await writeFile(join(folder, 'packages'), `${(await listPackages(debs)).join('\n')}\n`);
  await rm(scratch, { recursive: true });
}

if (import.meta.main) {
  const arch: Arch = process.argv[2] === 'arm64' ? 'arm64' : process.argv[2] === 'amd64' ? 'amd64' : HOST_ARCH;
  await needPrograms({ mmdebstrap: 'mmdebstrap', 'dpkg-deb': 'dpkg' });
  const sources = (await readdir(join(ROOT, 'stack'))).toSorted().map((name) => `stack/${name}`);
  const made = join(CACHE, 'stack', `${await keyOf(sources)}-${arch}`);
  await once(made, (folder) => makeStack(arch, folder));
  for (const kind of ['build', 'run'] as const) {
    const name = `openfunction/${kind}-node:${STACK.node.version.split('.')[0]}`;
    const place = imageFolder(name);
    await mkdir(dirname(place), { recursive: true });
    await rm(place, { recursive: true, force: true });
    await (arch === HOST_ARCH
      ? symlink(join(made, kind), place)
      : cp(join(made, kind), `${place}-${arch}`, { recursive: true }));
    console.log(`${name} (${arch}): ${await read('du', ['-sh', join(made, kind)])}`);
  }
}
