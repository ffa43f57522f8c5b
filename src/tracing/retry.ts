/** What became of an attempt to send. */
export interface Attempt {
  /** Why it failed; undefined when it did not. */
  readonly failure: string | undefined;
  /** Whether it may succeed later. */
  readonly mayRepeat: boolean;
  /** Milliseconds that the collector asks to wait. */
  readonly after?: number | undefined;
}

/** The first pause, which doubles, and the longest: https://opentelemetry.io/docs/specs/otlp/#otlpgrpc-throttling */
const FIRST_PAUSE = 1000;
const LONGEST_PAUSE = 5000;
const ATTEMPTS = 5;
/** Milliseconds that a collector may ask for at most. */
const MOST_PATIENCE = 60_000;

/** Repeats what may succeed later, each time after a longer pause; not any more once `ending` is aborted. Rejects then. */
export async function withRetries(attempt: () => Promise<Attempt>, ending: AbortSignal): Promise<void> {
  for (let count = 1, pause = FIRST_PAUSE; ; count += 1, pause = Math.min(pause * 2, LONGEST_PAUSE)) {
    const { failure, mayRepeat, after } = await attempt();
    if (failure === undefined) return;
    if (!mayRepeat || ending.aborted || count === ATTEMPTS) throw new Error(failure);
    // Collectors that come back are not met by everybody at once.
    const own = pause * (0.8 + Math.random() * 0.4);
    await waitFor(after !== undefined && after > 0 ? Math.min(after, MOST_PATIENCE) : own, ending);
  }
}

function waitFor(milliseconds: number, ending: AbortSignal): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  const timer = setTimeout(resolve, milliseconds).unref();
  const stop = (): void => resolve();
  ending.addEventListener('abort', stop, { once: true });
  return promise.finally(() => {
    clearTimeout(timer);
    ending.removeEventListener('abort', stop);
  });
}
