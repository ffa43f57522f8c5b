import { FnError } from '../../base/error.ts';
import { Code } from '../protocol/a6/err/code.ts';

/** A failure of a call, with the code that APISIX is told. */
export class CallFailure extends Error {
  readonly code: Code;

  constructor(code: Code, message: string) {
    super(message);
    this.name = 'CallFailure';
    this.code = code;
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

/** What a filter's signal says after its time. */
export function late(milliseconds: number): FnError {
  return new FnError(`Couldn't wait for the plugin any longer than ${milliseconds / 1000} s.`, {
    code: 'OFN-APISIX-DEADLINE',
    hint: 'Give calls of the plugin its `signal`, or a shorter limit.',
  });
}
