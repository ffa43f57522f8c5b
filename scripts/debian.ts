import { mkdir, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { run } from './command.ts';

/**
 * Downloads packages of the system's Debian, and those of their dependencies that the system lacks, and unpacks them into
 * `<scratch>/root`: nothing is installed, and nobody has to be root.
 */
export async function unpackDebian(packages: readonly string[], scratch: string): Promise<void> {
  const apt = join(scratch, 'apt');
  for (const folder of ['state/lists/partial', 'cache/archives/partial']) {
    await mkdir(join(apt, folder), { recursive: true });
  }
  const settings = [
    `Dir::State=${apt}/state`,
    'Dir::State::status=/var/lib/dpkg/status',
    `Dir::Cache=${apt}/cache`,
    'APT::Sandbox::User=root',
    // The lock is root's; only the folders above are written to.
    'Debug::NoLocking=true',
  ].flatMap((setting) => ['-o', setting]);
  await run('apt-get', [...settings, 'update', '-qq'], { stdout: 'ignore' });
  const install = ['install', '--download-only', '--reinstall', '--no-install-recommends', '-y', '-qq', ...packages];
  await run('apt-get', [...settings, ...install], { stdout: 'ignore' });
  const archives = join(apt, 'cache/archives');
  for (const name of await readdir(archives)) {
    if (name.endsWith('.deb')) await run('dpkg-deb', ['--extract', join(archives, name), join(scratch, 'root')]);
  }
  await rm(apt, { recursive: true });
}
