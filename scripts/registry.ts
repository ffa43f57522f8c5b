import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { execa } from 'execa';
import { needPrograms } from './command.ts';
import { freePort } from './port.ts';

/** An image registry on this machine, for as long as it is needed. */
export interface Registry {
  /** Host and port. */
  readonly address: string;
  stop(): Promise<void>;
}

/**
 * Starts Debian's docker-registry on a free port of an address of this machine, with an empty store that goes away with
 * it; it answers who is in `htpasswd`, lines of NAME:BCRYPT, and everybody without it.
 */
export async function startRegistry(htpasswd?: string, host = '127.0.0.1'): Promise<Registry> {
  await needPrograms({ 'docker-registry': 'docker-registry' });
  const folder = await mkdtemp(join(tmpdir(), 'ofn-registry-'));
  const address = `${host}:${await freePort(host)}`;
  const path = join(folder, 'htpasswd');
  const auth = htpasswd === undefined ? {} : { auth: { htpasswd: { realm: 'registry', path } } };
  const config = { version: 0.1, storage: { filesystem: { rootdirectory: folder } }, http: { addr: address }, ...auth };
  await writeFile(path, htpasswd ?? '');
  await writeFile(join(folder, 'config.yml'), JSON.stringify(config));
  const server = execa('docker-registry', ['serve', join(folder, 'config.yml')], { stdio: 'ignore', reject: false });
  while (
    !(await fetch(`http://${address}/v2/`).then(
      () => true,
      () => false,
    ))
  )
    await pause(20);
  const stop = async (): Promise<void> => {
    server.kill();
    await server;
    await rm(folder, { recursive: true });
  };
  return { address, stop };
}
