import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { ROOT } from '../cache.ts';
import { placeOfPackages } from './packages.ts';
import { ADDRESS, STATE } from './places.ts';
import { CLUSTER, placeOfProject } from './programs.ts';

const LOCK = join(CLUSTER, 'lock');
/** What `flock` ends with when another one has the lock. */
const TAKEN = 75;
/** The kernel keeps control groups without processes, and removes none with any. */
const CLEAN = `rm -rf "$0"; find /sys/fs/cgroup -depth -type d -path '*/kubepods*' -exec rmdir {} +`;

/**
 * Runs scripts/cluster/inside.ts with a command in namespaces of its own, and gives the exit code. Processes, mounts and
 * networks that come to be in there are the kernel's to remove when it ends, even when this process is killed; files are
 * in one folder.
 */
export async function runInside(command: readonly string[]): Promise<number> {
  await mkdir(CLUSTER, { recursive: true });
  const args = [...exclusively(), ...(await machine(STATE)), 'node', 'scripts/cluster/inside.ts', ...command];
  const how = { cwd: ROOT, stdio: 'inherit', reject: false, killSignal: 'SIGKILL' } as const;
  const { exitCode = 1 } = await execa('flock', args, how);
  if (exitCode === TAKEN) throw new Error("Couldn't start the cluster: another one runs. Wait for its end.");
  if (exitCode === 0) await execa('flock', [...exclusively(), 'sh', '-c', CLEAN, STATE], { reject: false });
  else console.log(`What the cluster left is in ${STATE} until the next one starts.`);
  return exitCode;
}

function exclusively(): string[] {
  return ['--no-fork', '--nonblock', '--conflict-exit-code', String(TAKEN), LOCK];
}

/**
 * The beginning of a command that runs the rest of it on a machine whose files are below `state`. It is one process, which
 * is killed with the one that starts it.
 */
export async function machine(state: string): Promise<string[]> {
  const follow = ['setpriv', '--pdeathsig', 'KILL'];
  const unshare = ['unshare', '--mount', '--pid', '--net', '--fork', '--kill-child', '--mount-proc'];
  const programs = join(await placeOfProject('kubernetes'), 'bin');
  const enter = [join(ROOT, 'scripts/cluster/enter.sh'), state, await placeOfPackages(), programs, ADDRESS];
  return [...follow, ...unshare, ...enter];
}
