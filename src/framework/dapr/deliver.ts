import { describeThrown, messageOf } from '../../base/error.ts';
import type { Log } from '../../base/log.ts';
import { isOut, type Out } from '../context/out.ts';
import type { OpenFunctionInvocation, RuntimeClass } from '../context/runtime.ts';
import { isTable } from '../../base/table.ts';
import { isHookAbort, type HookAbort } from '../plugin/hook-abort.ts';
import type { Around } from '../plugin/hooks.ts';
import type { Message } from './message.ts';

/** What becomes of a message: https://docs.dapr.io/reference/api/pubsub_api/#expected-http-response */
export type Verdict = 'SUCCESS' | 'RETRY' | 'DROP';

/** How a function ended. */
export interface Outcome {
  /** Undefined when it failed and said nothing of a retry. */
  readonly verdict: Verdict | undefined;
  /** For the sender of a binding's message. */
  readonly data?: unknown;
  /** Why it failed. */
  readonly reason?: string;
}

/** A function that takes messages. */
export interface MessageHandler {
  /** What it gets of a message. */
  readonly dataOf: (message: Message) => unknown;
  /** Calls it with `ctx.data`. */
  readonly call: (ctx: OpenFunctionInvocation) => unknown;
}

/** Runs a function for a message; never rejects. `isGone` tells whether nobody waits for the outcome any more. */
export type Deliver = (message: Message, isGone?: () => boolean) => Promise<Outcome>;

/** Makes it; each message gets a context of its own. */
export function makeDeliver(
  { dataOf, call }: MessageHandler,
  Runtime: RuntimeClass,
  log: Log,
  around: Around | undefined,
): Deliver {
  return async (message) => {
    const ctx = new Runtime(undefined, undefined, message);
    ctx.data = dataOf(message);
    try {
      const result = await (around === undefined ? call(ctx) : around(ctx, () => call(ctx)));
      return outcomeOf(result, ctx.out, log);
    } catch (error) {
      ctx.error = error instanceof Error ? error : new Error(messageOf(error));
      if (isHookAbort(error)) return abortedBy(error, log);
      return failureOf(error, undefined, log);
    }
  };
}

/** A function says more than that it succeeded by `{ status }`, by `ctx.success` and `ctx.fail`, or by their results. */
function outcomeOf(result: unknown, noted: Out | undefined, log: Log): Outcome {
  if (result === undefined && noted === undefined) return SUCCESS;
  const out = isOut(result) ? result : noted;
  if (out !== undefined) {
    const { retry } = out.metadata;
    if (out.code < 400) return { verdict: 'SUCCESS', data: out.data };
    return failureOf(out.error ?? `The function failed with ${out.code}.`, retry && retryVerdict(retry), log);
  }
  const verdict = isTable(result) ? VERDICTS.find((one) => one === result['status']) : undefined;
  return { verdict: verdict ?? 'SUCCESS' };
}

function abortedBy({ code, body, message }: HookAbort, log: Log): Outcome {
  if (code < 400) return { verdict: 'SUCCESS', data: body };
  log.warn(message);
  return { verdict: code < 500 ? 'DROP' : 'RETRY', reason: message };
}

const SUCCESS: Outcome = { verdict: 'SUCCESS' };
const VERDICTS = ['SUCCESS', 'RETRY', 'DROP'] as const;

function retryVerdict(retry: string): Verdict {
  return retry.toLowerCase() === 'true' ? 'RETRY' : 'DROP';
}

function failureOf(error: unknown, verdict: Verdict | '' | undefined, log: Log): Outcome {
  log.error(describeThrown(error));
  return { verdict: verdict === '' ? undefined : verdict, reason: messageOf(error) };
}
