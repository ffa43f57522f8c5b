/** What is under way, so that somebody can wait for its end. */
export interface Pending {
  /** Counts work until it settles, and passes its result on. */
  track<T>(what: string, work: Promise<T>): Promise<T>;
  /** Counts something until the function that it gives is called. */
  begin(what: string): () => void;
  /** Waits until nothing is under way; rejects after `timeout` milliseconds with what still is. */
  idle(timeout: number): Promise<void>;
}

/** Makes it. */
export function makePending(): Pending {
  const underWay = new Map<symbol, string>();
  const waiting = new Set<() => void>();
  const begin = (what: string): (() => void) => {
    const id = Symbol(what);
    underWay.set(id, what);
    return () => {
      underWay.delete(id);
      if (underWay.size > 0) return;
      for (const wake of waiting) wake();
    };
  };
  const untilEmpty = async (late: Promise<'late'>): Promise<boolean> => {
    while (underWay.size > 0) {
      const { promise, resolve } = Promise.withResolvers<void>();
      waiting.add(resolve);
      const ended = await Promise.race([promise, late]);
      waiting.delete(resolve);
      if (ended === 'late') return false;
      // What was waiting for it may begin something else.
      await new Promise((resolve) => setImmediate(resolve));
    }
    return true;
  };
  return {
    begin,
    async track(what, work) {
      const end = begin(what);
      try {
        return await work;
      } finally {
        end();
      }
    },
    async idle(timeout) {
      const { promise, resolve } = Promise.withResolvers<'late'>();
      const timer = setTimeout(resolve, timeout, 'late');
      const isIdle = await untilEmpty(promise);
      clearTimeout(timer);
      if (isIdle) return;
      throw new Error(`After ${timeout} ms there was still under way: ${[...underWay.values()].join(', ')}.`);
    },
  };
}
