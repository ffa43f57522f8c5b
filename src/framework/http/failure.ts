import { describeThrown, messageOf } from '../../base/error.ts';
import type { Log } from '../../base/log.ts';
import { http } from '../builtin.ts';
import { isHookAbort, type HookAbort } from '../plugin/hook-abort.ts';
import type { FailureStatus } from './endpoint.ts';
import type { Response } from './types.ts';

/** https://www.rfc-editor.org/rfc/rfc9113#section-7 */
const HTTP2_INTERNAL_ERROR = 2;

/** Whom a failure is told and how much of it. */
export interface FailurePolicy {
  /** In production clients are not told what a function threw. */
  readonly production: boolean;
  readonly log: Log;
}

/** How a failed call is answered. */
export interface FailureAnswer {
  readonly code?: 400 | 500 | 503 | 504;
  readonly status: FailureStatus;
  readonly google?: boolean | undefined;
}

/** Logs what a function threw and answers the call with it; a response under way is aborted instead. */
export function answerFailure(res: Response, error: unknown, answer: FailureAnswer, policy: FailurePolicy): void {
  if (isHookAbort(error) && answerAbort(res, error)) return;
  if (res.writableEnded) {
    logFinished(error, policy);
    return;
  }
  policy.log.error(describeThrown(error));
  const { code = 500 } = answer;
  const text = policy.production && code >= 500 ? reasonOf(code) : messageOf(error);
  endWith(res, code, answer, text);
}

/** A hook may also have answered by itself; false when it has begun to, and nobody will end that. */
function answerAbort(res: Response, { code, body }: HookAbort): boolean {
  if (res.writableEnded) return true;
  if (res.headersSent) return false;
  res.status(code);
  if (typeof body === 'number') res.json(body);
  else res.send(body);
  return true;
}

/** Logs what a function threw after its answer. */
export function logFinished(error: unknown, { log }: FailurePolicy): void {
  log.error(`Exception from a finished function: ${describeThrown(error)}`);
}

/** Ends a response with a status, the status header and a text; headers set for another answer are dropped. */
export function endWith(
  res: Response,
  code: number,
  { status, google }: Pick<FailureAnswer, 'status' | 'google'>,
  text: string,
): void {
  if (res.writableEnded) return;
  if (res.headersSent) {
    abort(res);
    return;
  }
  for (const name of res.getHeaderNames()) if (name !== 'connection') res.removeHeader(name);
  res.statusCode = code;
  if (res.req.httpVersionMajor === 1) res.statusMessage = http.STATUS_CODES[code] ?? '';
  res.setHeader('X-OpenFunction-Status', status);
  if (google === true) res.setHeader('X-Google-Status', status);
  res.setHeader('Content-Type', 'text/plain; charset=utf-8');
  res.setHeader('Content-Length', Buffer.byteLength(text));
  res.end(res.req.method === 'HEAD' ? undefined : text);
}

/** Breaks an answer off so that the client sees it is not whole. */
function abort(res: Response & { readonly stream?: { close(code: number): void } }): void {
  if (res.stream === undefined) res.destroy();
  else res.stream.close(HTTP2_INTERNAL_ERROR);
}

function reasonOf(code: number): string {
  if (code === 504) return 'Gateway Timeout';
  return code === 503 ? 'Service Unavailable' : 'Internal Server Error';
}
