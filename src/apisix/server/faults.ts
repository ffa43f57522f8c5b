import { inspect } from 'node:util';
import { describeError, describeThrown, FnError } from '../../base/error.ts';
import { Code } from '../protocol/a6/err/code.ts';
import type { RunningCall } from './running-call.ts';

/** A failure of a call, with the code that APISIX is told. */
export class CallFailure extends Error {
  readonly code: Code;

  constructor(code: Code, message: string) {
    super(message);
    this.name = 'CallFailure';
    this.code = code;
  }
}

/** What a plugin threw, and which one it was. */
export class PluginFailure extends Error {
  constructor(plugin: string, cause: unknown) {
    super(`The plugin "${plugin}" failed.`, { cause });
    this.name = 'PluginFailure';
  }
}

/** A message that is none; `what` says which. */
export function malformed(what: string): CallFailure {
  return new CallFailure(Code.BAD_REQUEST, what);
}

/** The code that APISIX is told of a failure. */
export function codeOf(thrown: unknown): Code {
  return thrown instanceof CallFailure ? thrown.code : Code.SERVICE_UNAVAILABLE;
}

/** What a filter that waits for APISIX is told when nothing can come any more. */
export function closed(): FnError {
  return new FnError("Couldn't ask APISIX: the connection is closed, or the call is over.", {
    code: 'OFN-APISIX-CLOSED',
    hint: 'Await what a filter asks for before it ends.',
  });
}

/** What a filter's signal says after its time, and which plugin took it. */
export function late(milliseconds: number, plugin = 'nobody'): FnError {
  return new FnError(`Couldn't wait for the plugin "${plugin}" any longer than ${milliseconds / 1000} s.`, {
    code: 'OFN-APISIX-DEADLINE',
    hint: 'Give calls of the plugin its `signal`, or a shorter limit.',
  });
}

/** How loud a line of a failure is. */
type Loudness = 'info' | 'warn' | 'error';

/** The line that a failure of a call is in the log: what happened, in which request and plugin, and where. */
export function lineOf(error: unknown, call: RunningCall): readonly [Loudness, string] {
  const where = call.id === undefined ? '' : `Request ${call.id}: `;
  if (isOfTheEnd(error, call)) {
    return ['info', `${where}The connection was closed while the plugin "${call.plugin}" ran.`];
  }
  if (error instanceof CallFailure) {
    // APISIX and runners may well differ in which tokens there are.
    return [error.code === Code.CONF_TOKEN_NOT_FOUND ? 'warn' : 'error', `${where}${error.message}`];
  }
  if (!(error instanceof PluginFailure)) return ['error', `${where}${describeError(error)}`];
  return ['error', `${where}${error.message} ${describeCause(error.cause)}`];
}

/** Whether a filter has failed for no other reason than that its connection was closed. */
function isOfTheEnd(error: unknown, { reason }: RunningCall): boolean {
  if (reason === undefined || isLate(reason)) return false;
  const cause = error instanceof PluginFailure ? error.cause : error;
  const isClosed = cause instanceof FnError && cause.code === 'OFN-APISIX-CLOSED';
  return isClosed || cause === reason || (cause instanceof Error && cause.cause === reason);
}

function isLate(reason: unknown): boolean {
  return reason instanceof FnError && reason.code === 'OFN-APISIX-DEADLINE';
}

/** With the stack: the user of a plugin has to find the line. */
function describeCause(cause: unknown): string {
  return typeof cause === 'object' && !(cause instanceof Error) ? inspect(cause) : describeThrown(cause);
}
