import type { Interceptor } from './exchange.ts';
import { endWith } from './failure.ts';

/** Ends calls that take longer than `limit` milliseconds with 504 and aborts `req.abortController`. */
export function limitTime(limit: number): Interceptor {
  return (req, res) => {
    // Read now: an application of Express takes the members of requests away.
    const { abortController } = req;
    const timer = setTimeout(() => {
      abortController.abort('timeout');
      endWith(res, 504, { status: 'timeout' }, 'Gateway Timeout');
    }, limit);
    res.once('close', () => clearTimeout(timer));
    return false;
  };
}
