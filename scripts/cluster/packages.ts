import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { keyOf, once } from '../cache.ts';
import { unpackDebian } from '../debian.ts';
import { CLUSTER } from './programs.ts';

/** What runs containers. Installed, they would start services of their own. */
const PACKAGES = ['containerd', 'runc', 'containernetworking-plugins'];

/** The folder that has these packages' files as they would be below `/`. */
export async function placeOfPackages(): Promise<string> {
  const system = await readFile('/etc/os-release', 'utf8').catch(() => '');
  return join(CLUSTER, `packages-${await keyOf([], [system, ...PACKAGES])}`, 'root');
}

/** Unpacks them, once; nothing is installed. */
export async function unpackPackages(): Promise<void> {
  await once(join(await placeOfPackages(), '..'), async (scratch) => {
    console.log(`Unpacking ${PACKAGES.join(', ')} from Debian packages ...`);
    await unpackDebian(PACKAGES, scratch);
  });
}
