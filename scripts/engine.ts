// Starts a Docker engine when none answers, and stops only that one: `node scripts/engine.ts start|stop`.
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, open, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { execa } from 'execa';
import { CACHE, once } from './cache.ts';
import { needPrograms, run } from './command.ts';

/** The lifecycle pack uses talks this API version at least. */
const OLDEST_API = 1.44;
const PACKAGES = ['docker.io', 'iptables', 'ca-certificates', 'git', 'xz-utils', 'procps'];
const FOLDER = join(CACHE, 'engine');
const PID_FILE = join(FOLDER, 'pid');
const DEFAULT_SOCKET = '/var/run/docker.sock';
/** Shared with the host; all else of the engine's root is Debian's own. */
const SHARED = ['proc', 'sys', 'dev', 'run', 'tmp', 'work', 'home', 'root'];

/**
 * The address of an engine that answers with a new enough API: the one that DOCKER_HOST names and no other, else the
 * default one or ours.
 */
export async function findEngine(): Promise<string | undefined> {
  const named = process.env['DOCKER_HOST'];
  const candidates = named ? [named] : [`unix://${DEFAULT_SOCKET}`, `unix://${join(FOLDER, 'docker.sock')}`];
  for (const host of candidates) if ((await apiOf(host)) >= OLDEST_API) return host;
  return undefined;
}

async function apiOf(host: string): Promise<number> {
  const args = ['--host', host, 'version', '--format', '{{.Server.APIVersion}}'];
  const { stdout } = await execa('docker', args, { reject: false, stderr: 'ignore' });
  return Number.parseFloat(`${stdout.split('.')[0]}.${stdout.split('.')[1]?.padStart(2, '0')}`) || 0;
}

/** Gives the address of an engine, started if need be. */
export async function startEngine(): Promise<string> {
  const answering = await findEngine();
  if (answering !== undefined) return answering;
  await needPrograms({ mmdebstrap: 'mmdebstrap', unshare: 'util-linux', docker: 'docker-cli' });
  const root = join(FOLDER, 'root');
  await once(root, async (scratch) => {
    console.log('Making a Docker engine from Debian packages ...');
    await run('mmdebstrap', ['--quiet', '--variant=minbase', `--include=${PACKAGES.join(',')}`, 'trixie', scratch]);
  });
  const socket = existsSync(DEFAULT_SOCKET) ? join(FOLDER, 'docker.sock') : DEFAULT_SOCKET;
  return launch(root, socket);
}

async function launch(root: string, socket: string): Promise<string> {
  const data = join(FOLDER, 'data');
  await mkdir(data, { recursive: true });
  await mkdir(join(root, 'old'), { recursive: true });
  const log = await open(join(FOLDER, 'log'), 'w');
  const args = ['--mount', '--propagation', 'private', 'sh', '-euc', enterScript(root, data, socket)];
  const child = spawn('unshare', args, { detached: true, stdio: ['ignore', log.fd, log.fd] });
  child.unref();
  await log.close();
  await writeFile(PID_FILE, (await identityOf(child.pid ?? 0)) ?? '');
  const host = `unix://${socket}`;
  const deadline = Date.now() + 60_000;
  while ((await apiOf(host)) < OLDEST_API) {
    if (Date.now() > deadline || child.exitCode !== null) {
      throw new Error(`Couldn't start the Docker engine:\n${await readFile(join(FOLDER, 'log'), 'utf8')}`);
    }
    await pause(100);
  }
  return host;
}

/** A plain chroot is not enough: the engine remounts "/", so the Debian root has to be a mount and the root. */
function enterScript(root: string, data: string, socket: string): string {
  return `
mount --bind '${root}' '${root}'
for folder in ${SHARED.join(' ')}; do
  [ -d "/$folder" ] || continue
  mkdir -p '${root}'/"$folder"
  mount --rbind "/$folder" '${root}'/"$folder"
done
mkdir -p '${root}/var/lib/docker' '${data}'
mount --bind '${data}' '${root}/var/lib/docker'
cp /etc/resolv.conf '${root}/etc/resolv.conf'
cd '${root}'
pivot_root . old
umount -l /old
exec dockerd --host 'unix://${socket.replace('/var/run/', '/run/')}' --group root --log-level warn
`;
}

/** A process's number, when it began and in which run of the machine: a later process has another one. */
async function identityOf(pid: number): Promise<string | undefined> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => undefined);
  // https://man7.org/linux/man-pages/man5/proc_pid_stat.5.html: what follows the name in brackets begins with field 3.
  const began = stat?.slice(stat.lastIndexOf(')') + 2).split(' ')[22 - 3];
  if (began === undefined) return undefined;
  const boot = await readFile('/proc/sys/kernel/random/boot_id', 'utf8');
  return `${pid} ${began} ${boot.trim()}`;
}

/**
 * Stops the engine that was started here; another one is left alone. As after any Docker engine, the bridge docker0, the
 * DOCKER chains of iptables and the policy of its FORWARD chain stay as they are until the machine starts again: others
 * may have built on them.
 */
export async function stopEngine(): Promise<boolean> {
  const ours = await readFile(PID_FILE, 'utf8').catch(() => '');
  const pid = Number.parseInt(ours, 10);
  await rm(PID_FILE, { force: true });
  if (Number.isNaN(pid) || (await identityOf(pid)) !== ours) return false;
  const alive = (): boolean => existsSync(`/proc/${pid}`);
  process.kill(pid, 'SIGTERM');
  const deadline = Date.now() + 30_000;
  while (alive() && Date.now() < deadline) await pause(100);
  if (alive()) process.kill(pid, 'SIGKILL');
  return true;
}

if (import.meta.main) {
  if (process.argv[2] === 'stop') console.log((await stopEngine()) ? 'Stopped.' : 'There is none of ours to stop.');
  else console.log(`DOCKER_HOST=${await startEngine()}`);
}
