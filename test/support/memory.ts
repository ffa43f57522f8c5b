import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const EVERY_MS = 50;
const MIB = 1024 * 1024;

/** What work gave, and the most memory that its processes had at one time, in MiB. */
export interface Measured<T> {
  readonly result: T;
  readonly peak: number;
}

/** Watches the memory of all processes that have `variable` (`NAME=value`) in their environment while `work` goes on. */
export async function measureMemory<T>(variable: string, work: () => Promise<T>): Promise<Measured<T>> {
  let peak = 0;
  const timer = setInterval(() => {
    peak = Math.max(peak, memoryOf(variable));
  }, EVERY_MS);
  try {
    return { result: await work(), peak: Math.round(peak / MIB) };
  } finally {
    clearInterval(timer);
  }
}

/** Bytes that the processes have; what they share counts once. */
function memoryOf(variable: string): number {
  let sum = 0;
  for (const pid of readdirSync('/proc').filter((name) => /^\d+$/.test(name))) {
    const environment = readOf(pid, 'environ').split('\0');
    if (!environment.includes(variable)) continue;
    const [, share = '0'] = /^Pss:\s+(\d+) kB$/m.exec(readOf(pid, 'smaps_rollup')) ?? [];
    sum += Number(share) * 1024;
  }
  return sum;
}

/** Nothing of a process that has ended meanwhile, or is another user's. */
function readOf(pid: string, file: string): string {
  try {
    return readFileSync(join('/proc', pid, file), 'utf8');
  } catch {
    return '';
  }
}
