import { existsSync, readFileSync, statfsSync } from 'node:fs';
import { tmpdir } from 'node:os';

const MEMORY = '/dev/shm';
const ENOUGH = 4 * 2 ** 30;

/**
 * Where tests make their folders, in which thousands of small files come and go: in memory where there is plenty of it and
 * programs in it may be started.
 */
export function scratchSpace(): string {
  if (!existsSync(MEMORY) || !existsSync('/proc/mounts')) return tmpdir();
  const { bavail, bsize } = statfsSync(MEMORY);
  const mount = readFileSync('/proc/mounts', 'utf8')
    .split('\n')
    .findLast((line) => line.split(' ')[1] === MEMORY);
  const options = mount?.split(' ')[3]?.split(',') ?? [];
  const isPlenty = bavail * bsize >= ENOUGH;
  return isPlenty && !options.includes('ro') && !options.includes('noexec') ? MEMORY : tmpdir();
}
