import { readFile } from 'node:fs/promises';
import { execa } from 'execa';
import { FnError } from '../base/error.ts';
import type { Environment } from '../base/setting.ts';
import type { UnpackedImage } from '../oci/unpack.ts';
import type { Terminal } from './terminal.ts';

/** A folder or file of this machine at a path inside. */
export interface Mount {
  readonly from: string;
  readonly to: string;
  readonly readOnly?: boolean;
}

/** A process in a root file system of its own. */
export interface Sandbox {
  readonly image: UnpackedImage;
  /** An empty folder that the root is mounted on. */
  readonly scratch: string;
  readonly mounts: readonly Mount[];
  readonly env: Environment;
  readonly workingDir: string;
  readonly user: number;
  readonly group: number;
  /** A writable root forgets what is written to it; a read-only one has a writable /tmp. */
  readonly writable: boolean;
  readonly command: readonly string[];
}

/**
 * Stacks the layers with overlayfs, mounts what belongs inside, and becomes the command as process 1 of a PID
 * namespace. Arguments: the scratch folder, the layers, `none` for a read-only root, how to become the user, how many
 * words the mounts are, the mounts (from, to, ro or rw), the command. The network is the machine's own.
 */
const ENTER = `
umask 022
scratch=$1 lower=$2 upper=$3 enter=$4 words=$5; shift 5
mount -t tmpfs -o mode=755 tmpfs "$scratch"
mkdir "$scratch/upper" "$scratch/work" "$scratch/root"
options="lowerdir=$lower,upperdir=$scratch/upper,workdir=$scratch/work$OFN_OVERLAY"
mount -t overlay -o "$options" overlay "$scratch/root"
root=$scratch/root
mkdir -p "$root/proc" "$root/dev" "$root/etc" "$root/tmp"
for file in resolv.conf hosts; do
  if [ -e "/etc/$file" ]; then : > "$root/etc/$file"; mount --bind "/etc/$file" "$root/etc/$file"; fi
done
while [ "$words" -gt 0 ]; do
  if [ -d "$1" ]; then mkdir -p "$root$2"; else mkdir -p "$(dirname "$root$2")"; : > "$root$2"; fi
  mount --rbind "$1" "$root$2"
  if [ "$3" = ro ]; then mount -o remount,bind,ro "$root$2"; fi
  shift 3; words=$((words - 3))
done
mount -t proc proc "$root/proc"
mount -t tmpfs -o mode=755 tmpfs "$root/dev"
for node in null zero full random urandom; do : > "$root/dev/$node"; mount --bind "/dev/$node" "$root/dev/$node"; done
ln -s /proc/self/fd "$root/dev/fd"
mkdir "$root/dev/shm" && mount -t tmpfs -o mode=1777 tmpfs "$root/dev/shm"
if [ "$upper" = none ]; then
  mount -t tmpfs -o mode=1777 tmpfs "$root/tmp"
  mount -o remount,bind,ro "$root"
fi
unset OFN_OVERLAY
exec setpriv --no-new-privs unshare $enter --root "$root" "$@"
`;

/** The arguments of `unshare` that start a sandbox for a user of this machine. */
export function sandboxArgs(sandbox: Sandbox, isRoot: boolean): string[] {
  const { image, mounts, user, group } = sandbox;
  const lower = image.layers.toReversed().join(':');
  const words = mounts.flatMap(({ from, to, readOnly }) => [from, to, readOnly === true ? 'ro' : 'rw']);
  // Only root may become another user; anybody else is that user inside a namespace of their own.
  const identity = isRoot
    ? ['--setgid', String(group), '--setuid', String(user)]
    : ['--user', `--map-user=${user}`, `--map-group=${group}`];
  const namespaces = ['--mount', '--pid', '--ipc', '--uts', '--fork', '--kill-child', '--propagation', 'private'];
  const enter = [...identity, '--wd', sandbox.workingDir].join(' ');
  return [
    ...(isRoot ? [] : ['--user', '--map-root-user']),
    ...namespaces,
    'sh',
    '-euc',
    ENTER,
    'sandbox',
    sandbox.scratch,
    lower,
    sandbox.writable ? 'tmpfs' : 'none',
    enter,
    String(words.length),
    ...words,
    ...sandbox.command,
  ];
}

/** A sandbox whose process runs. */
export interface RunningSandbox {
  /** What it prints, line by line. */
  readonly lines: AsyncIterable<string>;
  /** Its exit code. */
  readonly ended: Promise<number>;
  /** Sends a signal to its process 1, which is the only child of `unshare`. */
  signal(name: NodeJS.Signals): Promise<void>;
}

/** Starts a sandbox. */
export function startSandbox(sandbox: Sandbox, terminal: Terminal): RunningSandbox {
  const isRoot = terminal.uid === 0;
  const child = execa('unshare', sandboxArgs(sandbox, isRoot), {
    cwd: sandbox.image.folder,
    env: { ...sandbox.env, OFN_OVERLAY: isRoot ? '' : ',userxattr' },
    extendEnv: false,
    stdin: 'ignore',
    all: true,
    buffer: false,
    reject: false,
    // Ctrl-C reaches a whole process group: in one of its own, the sandbox gets each signal once, from `signal`.
    detached: true,
  });
  return {
    lines: child.iterable({ from: 'all' }),
    ended: child.then(({ exitCode = 1 }) => exitCode),
    signal: async (name) => {
      const children = await readFile(`/proc/${child.pid}/task/${child.pid}/children`, 'utf8').catch(() => '');
      const pids = children.split(' ').filter((word) => word !== '');
      for (const pid of pids) terminal.kill(Number(pid), name);
      if (pids.length === 0) child.kill(name);
    },
  };
}

/** Refuses machines that have no namespaces. */
export async function needSandbox(terminal: Terminal): Promise<void> {
  const isRoot = terminal.uid === 0;
  const user = isRoot ? [] : ['--user', '--map-root-user'];
  const probe =
    terminal.platform === 'linux'
      ? await execa('unshare', [...user, '--mount', '--pid', '--fork', 'true'], { reject: false })
      : undefined;
  if (probe !== undefined && !probe.failed) return;
  const cause =
    probe === undefined ? `${terminal.platform} has no Linux namespaces` : probe.stderr.trim() || probe.shortMessage;
  throw new FnError(`Couldn't build without a Docker engine: ${cause}.`, {
    code: 'OFN-CLI-SANDBOX',
    hint: 'Start Docker, or allow user namespaces on Linux (sysctl kernel.unprivileged_userns_clone=1).',
  });
}
