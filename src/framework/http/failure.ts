import { messageOf } from '../../base/error.ts';
import type { Log } from '../../base/log.ts';
import type { FailureStatus } from './endpoint.ts';
import type { Response } from './types.ts';

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
  if (res.writableEnded) {
    policy.log.error(`Exception from a finished function: ${detailOf(error)}`);
    return;
  }
  policy.log.error(detailOf(error));
  const { code = 500 } = answer;
  const text = policy.production && code >= 500 ? reasonOf(code) : messageOf(error);
  endWith(res, code, answer, text);
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
    res.destroy();
    return;
  }
  for (const name of res.getHeaderNames()) if (name !== 'connection') res.removeHeader(name);
  res.statusCode = code;
  res.setHeader('X-OpenFunction-Status', status);
  if (google === true) res.setHeader('X-Google-Status', status);
  res.setHeader('Content-Type', 'text/plain; charset=utf-8');
  res.setHeader('Content-Length', Buffer.byteLength(text));
  res.end(res.req.method === 'HEAD' ? undefined : text);
}

function reasonOf(code: number): string {
  if (code === 504) return 'Gateway Timeout';
  return code === 503 ? 'Service Unavailable' : 'Internal Server Error';
}

function detailOf(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
