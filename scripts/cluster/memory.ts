import { readdir, readFile } from 'node:fs/promises';

/** What a cluster has in memory, in MiB. */
export interface Memory {
  /** Now. */
  now(): Promise<number>;
  /** The most that was seen since the watch began. */
  readonly most: () => number;
  stop(): void;
}

const EVERY_MILLISECONDS = 1000;

/** Watches all processes that have sessions of their own: the node's components and the containers. */
export function watchMemory(): Memory {
  let most = 0;
  const now = async (): Promise<number> => {
    const own = await sessionOf('self');
    let sum = 0;
    for (const pid of await readdir('/proc')) {
      if (/^\d+$/.test(pid) && (await sessionOf(pid)) !== own) sum += await anonymousOf(pid);
    }
    most = Math.max(most, sum);
    return sum;
  };
  const timer = setInterval(() => void now(), EVERY_MILLISECONDS).unref();
  return { now, most: () => most, stop: () => clearInterval(timer) };
}

/** https://man7.org/linux/man-pages/man5/proc_pid_stat.5.html: what follows the name in brackets begins with field 3. */
async function sessionOf(pid: string): Promise<string | undefined> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '');
  return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[6 - 3];
}

/** MiB that a process has for itself; files that it maps are shared with others. */
async function anonymousOf(pid: string): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '');
  return Number(/RssAnon:\s+(\d+)/.exec(status)?.[1] ?? 0) / 1024;
}
