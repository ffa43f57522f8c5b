// Finds Redis and Mosquitto on PATH or unpacks them from Debian packages into the cache: `node scripts/brokers.ts`.
import { chmod, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { CACHE, keyOf, once } from './cache.ts';
import { has } from './command.ts';
import { unpackDebian } from './debian.ts';

const PROGRAMS = ['redis-server', 'mosquitto', 'mosquitto_pub', 'mosquitto_sub'] as const;
/** All that bring programs, and what they need besides is downloaded with them. */
const PACKAGES = ['redis-server', 'redis-tools', 'mosquitto', 'mosquitto-clients'];
/** Looks for its program and the libraries that came with it in its own folder. */
const WRAPPER = `#!/bin/sh
root=$(dirname "$0")/root
for folder in "$root"/usr/lib/*-linux-gnu* "$root"/lib/*-linux-gnu*; do
  LD_LIBRARY_PATH=$folder\${LD_LIBRARY_PATH:+:$LD_LIBRARY_PATH}
done
export LD_LIBRARY_PATH
for folder in usr/bin usr/sbin; do
  [ -x "$root/$folder/\${0##*/}" ] && exec "$root/$folder/\${0##*/}" "$@"
done
`;

/** A program of a broker. */
export type BrokerProgram = (typeof PROGRAMS)[number];

/** What to run a program as, once it is there: its name when it is on PATH. */
export async function placeOfBroker(program: BrokerProgram): Promise<string> {
  return (await has(program)) ? program : join(await placeOfPackages(), program);
}

/** Libraries of the system are used too: another release of it needs other packages. */
async function placeOfPackages(): Promise<string> {
  const system = await readFile('/etc/os-release', 'utf8').catch(() => '');
  return join(CACHE, 'tools', `brokers-${await keyOf([], [system, WRAPPER, ...PACKAGES])}`);
}

/** Unpacks the packages and those of their dependencies that the system lacks; nothing is installed. */
async function unpack(scratch: string): Promise<void> {
  console.log('Unpacking Redis and Mosquitto from Debian packages ...');
  await unpackDebian(PACKAGES, scratch);
  for (const program of PROGRAMS) {
    await writeFile(join(scratch, program), WRAPPER);
    await chmod(join(scratch, program), 0o755);
  }
}

if (import.meta.main) {
  const missing: string[] = [];
  for (const program of PROGRAMS) if (!(await has(program))) missing.push(program);
  if (missing.length > 0) {
    if (!(await has('apt-get'))) {
      throw new Error(`Couldn't find ${missing.join(', ')}: install them with your system's package manager.`);
    }
    await once(await placeOfPackages(), unpack);
  }
  for (const program of PROGRAMS) console.log(`${program}: ${await placeOfBroker(program)}`);
}
