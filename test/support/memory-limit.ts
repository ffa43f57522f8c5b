import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { execa } from 'execa';
import { onTestFinished } from 'vitest';

/** How each version of cgroups limits memory. */
const VERSIONS = [
  { root: '/sys/fs/cgroup/memory', file: 'memory.limit_in_bytes' },
  { root: '/sys/fs/cgroup', file: 'memory.max' },
] as const;

/**
 * A command before which a program runs with at most `bytes` of memory, as containers do: in a group of its own, which is gone
 * when the test ends. Groups are made by root; others need sudo without a password, as machines of CI have it.
 */
export async function limitMemory(bytes: number): Promise<readonly [string, ...string[]]> {
  const isRoot = process.getuid?.() === 0;
  const asRoot = async (...command: string[]): Promise<void> => {
    const [file = '', ...args] = isRoot ? command : ['sudo', '--non-interactive', ...command];
    await execa(file, args);
  };
  const { root, file } = version();
  const group = join(root, `ofn-test-${process.pid}`);
  await asRoot('mkdir', group);
  onTestFinished(async () => asRoot('rmdir', group));
  await asRoot('sh', '-c', `echo ${bytes} >${join(group, file)}`);
  const enter = `echo $$ >${join(group, 'cgroup.procs')}`;
  if (isRoot) return ['sh', '-c', `${enter} && exec "$@"`, 'sh'];
  const user = `setpriv --reuid ${process.getuid?.()} --regid ${process.getgid?.()} --clear-groups`;
  return ['sudo', '--non-interactive', '--preserve-env', 'sh', '-c', `${enter} && exec ${user} "$@"`, 'sh'];
}

function version(): (typeof VERSIONS)[number] {
  const [first, second] = VERSIONS;
  if (existsSync(join(first.root, first.file))) return first;
  const controllers = join(second.root, 'cgroup.subtree_control');
  if (existsSync(controllers) && readFileSync(controllers, 'utf8').split(/\s/).includes('memory')) return second;
  throw new Error(
    'This machine has no cgroups that limit memory: neither /sys/fs/cgroup/memory nor cgroup v2 with it.',
  );
}
