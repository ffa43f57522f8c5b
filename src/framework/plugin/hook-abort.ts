const BRAND = Symbol.for('openfunction.functions-framework.hook-abort');

/**
 * Thrown by a pre hook, it keeps the function from running: the caller gets this status and body. A message counts as
 * done below 400, is dropped below 500 and else delivered again.
 */
export class HookAbort extends Error {
  override readonly name = 'HookAbort';
  /** A status of HTTP; 500 where it was none. */
  readonly code: number;
  /** As `res.send` takes it. */
  readonly body: unknown;

  constructor(code = 403, body: unknown = '') {
    const status = Number.isInteger(code) && code >= 200 && code <= 599 ? code : 500;
    super(`A hook ended the call with ${status}.`);
    Object.defineProperty(this, BRAND, { value: true });
    this.code = status;
    this.body = body;
  }
}

/** Whether a failure is one, of whichever copy of this framework. */
export function isHookAbort(error: unknown): error is HookAbort {
  return typeof error === 'object' && error !== null && BRAND in error;
}
