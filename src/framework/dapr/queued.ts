import type { Deliver } from './deliver.ts';

/** Handles at most `most` messages at once; others wait their turn, and their senders with them. */
export function queued(deliver: Deliver, most: number): Deliver {
  const waiting: (() => void)[] = [];
  let running = 0;
  return async (message) => {
    if (running >= most) await new Promise<void>((resolve) => waiting.push(resolve));
    else running += 1;
    try {
      return await deliver(message);
    } finally {
      // Whoever is next takes the place over.
      const next = waiting.shift();
      if (next === undefined) running -= 1;
      else next();
    }
  };
}
