import type { Platform } from '../platform.ts';
import { isStandalone } from '../platform.ts';
import type { Outcome, Verdict } from './deliver.ts';
import type { Message } from './message.ts';
import { makePauses } from './pauses.ts';

/** How outcomes are told to whoever delivered a message. */
export interface Verdicts {
  /** The deliverer understands nothing but whether a call failed. */
  readonly byFailureAlone: boolean;
  /** What to tell; a retry only after a pause where the deliverer would make none. */
  readonly settle: (message: Message, outcome: Outcome) => Promise<Verdict> | Verdict;
}

/**
 * A message whose function fails is delivered again: a binding's always, a topic's unless the platform says otherwise.
 * OpenFunction's proxy of a sidecar repeats a failed call after 5 ms, so that it is made to wait.
 */
export function makeVerdicts(platform: Pick<Platform, 'host' | 'onError'>): Verdicts {
  const verdictOf = ({ bindingEvent }: Message, { verdict }: Outcome): Verdict =>
    verdict ?? (bindingEvent === undefined ? platform.onError : 'RETRY');
  if (!isStandalone(platform)) return { byFailureAlone: false, settle: verdictOf };
  const pauses = makePauses();
  return {
    byFailureAlone: true,
    async settle(message, outcome) {
      const verdict = verdictOf(message, outcome);
      if (verdict === 'RETRY') await pauses.before(message.id);
      else pauses.forget(message.id);
      return verdict;
    },
  };
}
