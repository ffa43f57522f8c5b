// Finds QEMU for programs of the other architecture on PATH or unpacks it from a Debian package into the cache: `node scripts/emulator.ts`.
import { mkdtemp, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { HOST_ARCH } from '../stack/definition.ts';
import { CACHE, keyOf, once } from './cache.ts';
import { has, needPrograms } from './command.ts';
import { unpackDebian } from './debian.ts';

/** Linked with all it needs, so that it starts in any root file system. */
const PROGRAM = HOST_ARCH === 'amd64' ? 'qemu-aarch64-static' : 'qemu-x86_64-static';
const PACKAGE = 'qemu-user-static';

/** The emulator's program, once it is there: its name when it is on PATH. */
export async function placeOfEmulator(): Promise<string> {
  return (await has(PROGRAM)) ? PROGRAM : join(await placeOfPackage(), PROGRAM);
}

async function placeOfPackage(): Promise<string> {
  const system = await readFile('/etc/os-release', 'utf8').catch(() => '');
  return join(CACHE, 'tools', `emulator-${await keyOf([], [system, PROGRAM])}`);
}

/** The package has an emulator for each of thirty machines. */
async function unpack(scratch: string): Promise<void> {
  console.log('Unpacking QEMU from a Debian package ...');
  const all = await mkdtemp(join(scratch, 'all-'));
  await unpackDebian([PACKAGE], all);
  await rename(join(all, 'root/usr/bin', PROGRAM), join(scratch, PROGRAM));
  await rm(all, { recursive: true });
}

if (import.meta.main) {
  if (!(await has(PROGRAM))) {
    await needPrograms({ 'apt-get': 'apt', 'dpkg-deb': 'dpkg' });
    await once(await placeOfPackage(), unpack);
  }
  console.log(`${PROGRAM}: ${await placeOfEmulator()}`);
}
