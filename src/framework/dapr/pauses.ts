/** Pauses before answers, longer each time for the same message. */
export interface Pauses {
  before(id: string): Promise<void>;
  forget(id: string): void;
}

/** Milliseconds; each pause is up to a quarter longer or shorter, so that messages do not come back all at once. */
const FIRST = 250;
const LONGEST = 5000;
const JITTER = 0.25;
/** Messages remembered: a bound on memory, the oldest is forgotten. */
const REMEMBERED = 1000;

/** Makes them; the pause before a message's first retry is the first, doubled for each further one. */
export function makePauses(random: () => number = Math.random): Pauses {
  const last = new Map<string, number>();
  return {
    async before(id) {
      const pause = Math.min((last.get(id) ?? FIRST / 2) * 2, LONGEST);
      last.delete(id);
      last.set(id, pause);
      const [oldest] = last.keys();
      if (last.size > REMEMBERED && oldest !== undefined) last.delete(oldest);
      const varied = pause * (1 + JITTER * (2 * random() - 1));
      await new Promise((resolve) => setTimeout(resolve, varied));
    },
    forget: (id) => void last.delete(id),
  };
}
