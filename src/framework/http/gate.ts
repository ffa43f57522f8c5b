/** Keeps what has come from functions that may not be called: not yet, or no more. */
export interface Gate {
  /** Functions may be called. */
  readonly isOpen: boolean;
  /** Calls `pass` once functions may be called, or `refuse` where they never will be. */
  enter(pass: () => void, refuse: () => void): void;
}

/** Opens when a promise resolves, and never when it rejects; what comes while the server drains is refused. */
export function gateUntil(opened: Promise<unknown>, isDraining: () => boolean): Gate {
  let state: 'waiting' | 'open' | 'shut' = 'waiting';
  const settled = opened.then(
    () => void (state = 'open'),
    () => void (state = 'shut'),
  );
  return {
    get isOpen() {
      return state === 'open' && !isDraining();
    },
    enter(pass, refuse) {
      if (isDraining()) refuse();
      else if (state === 'waiting') void settled.then(() => (state === 'open' ? pass() : refuse()));
      else if (state === 'open') pass();
      else refuse();
    },
  };
}
