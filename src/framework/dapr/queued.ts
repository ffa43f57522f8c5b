import type { Deliver, Outcome } from './deliver.ts';

const GONE: Outcome = { verdict: 'RETRY', reason: 'its sender did not wait' };

/** Handles at most `most` messages at once; others wait their turn, and their senders with them. */
export function queued(deliver: Deliver, most: number): Deliver {
  const waiting: (() => void)[] = [];
  let running = 0;
  return async (message, isGone) => {
    if (running >= most) await new Promise<void>((resolve) => waiting.push(resolve));
    else running += 1;
    try {
      // It comes again by itself: whoever sent it has given up.
      return isGone?.() === true ? GONE : await deliver(message, isGone);
    } finally {
      // Whoever is next takes the place over.
      const next = waiting.shift();
      if (next === undefined) running -= 1;
      else next();
    }
  };
}
