import { once } from 'node:events';
import type { ChildProcess } from 'node:child_process';
import { readdir, readFile } from 'node:fs/promises';
import { cpus, totalmem } from 'node:os';

/** What several measurements of one thing came to. */
export interface Spread {
  readonly median: number;
  readonly least: number;
  readonly most: number;
}

/** Their median and how far they lie apart, with two digits. */
export function spread(values: readonly number[]): Spread {
  const sorted = values.toSorted((a, b) => a - b);
  const at = (index: number): number => rounded(sorted[index] ?? 0);
  return { median: at(Math.floor(sorted.length / 2)), least: at(0), most: at(sorted.length - 1) };
}

/** With two digits. */
export function rounded(value: number): number {
  return Math.round(value * 100) / 100;
}

/** Adds a measurement to those of its kind. */
export function push<T>(into: Map<string, T[]>, key: string, value: T): void {
  into.set(key, [...(into.get(key) ?? []), value]);
}

/** Nanoseconds on a processor, of all threads: https://www.kernel.org/doc/html/latest/scheduler/sched-stats.html */
export async function cpuOf(pid: number): Promise<number> {
  let sum = 0;
  for (const thread of await readdir(`/proc/${pid}/task`)) {
    const text = await readFile(`/proc/${pid}/task/${thread}/schedstat`, 'utf8');
    sum += Number(text.split(' ')[0]);
  }
  return sum;
}

/** Mebibytes that a process has in memory. */
export async function memoryOf(pid: number): Promise<number> {
  const text = await readFile(`/proc/${pid}/status`, 'utf8');
  return Number(/VmRSS:\s+(\d+)/.exec(text)?.[1]) / 1024;
}

/** Ends a process without a farewell. */
export async function stop(child: ChildProcess, signal: NodeJS.Signals = 'SIGKILL'): Promise<void> {
  const ended = once(child, 'exit');
  child.kill(signal);
  await ended;
}

/** What was measured on. */
export function machine(): Record<string, unknown> {
  const [cpu] = cpus();
  return { cpu: cpu?.model, cores: cpus().length, gibibytes: Math.round(totalmem() / 2 ** 30), node: process.version };
}
