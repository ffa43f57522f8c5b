import { existsSync } from 'node:fs';
import { has, start, type Running } from './process.ts';

/** The path of a program that `make dapr` provides; tests never build or unpack them. */
export function provided(program: string, place: string): string {
  if (!place.includes('/') || existsSync(place)) return place;
  throw new Error(`There is no ${program}: run "make dapr" first.`);
}

/** Starts a server and waits until it has printed that it is ready; it is killed when the test ends. */
export async function startServer(program: string, args: readonly string[], ready: string): Promise<Running> {
  const child = start(program, args);
  await expectPrinted(child, ready);
  return child;
}

/** Waits until a process has printed `text`, and gives all that it printed; throws that when it ends without. */
export async function expectPrinted(child: Running, text: string | RegExp): Promise<string> {
  const printed = await child.printed(text);
  if (has(printed, text)) return printed;
  throw new Error(`It ended without printing "${String(text)}":\n${printed}`);
}

/** Ends a process and waits until it is gone. */
export async function end(child: Running, signal: NodeJS.Signals): Promise<void> {
  child.kill(signal);
  await child.ended;
}
