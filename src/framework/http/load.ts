import type { Interceptor } from './exchange.ts';
import type { Endpoint } from './endpoint.ts';
import type { Response } from './types.ts';

/** Answers with 503 beyond a number of requests at once. */
export function limitConcurrency(most: number): Interceptor {
  const enter = gate(most);
  return (_req, res) => !enter(res);
}

/** The same for one function of several. */
export function limitEndpoint(endpoint: Endpoint, most: number): Endpoint {
  const enter = gate(most);
  return { ...endpoint, invoke: (req, res) => (enter(res) ? endpoint.invoke(req, res) : undefined) };
}

/** Lets `most` responses be under way at once; others are answered with 503. */
function gate(most: number): (res: Response) => boolean {
  let count = 0;
  return (res) => {
    if (count >= most) {
      shed(res);
      return false;
    }
    count += 1;
    res.once('close', () => (count -= 1));
    return true;
  };
}

/** How often the event loop is looked at, in milliseconds. */
const TICK = 20;

/** Answers with 503 while the event loop is more than `most` milliseconds late. */
export function limitLoopDelay(most: number, now: () => number = () => performance.now()): Interceptor {
  let expected = now() + TICK;
  let late = 0;
  setInterval(() => {
    late = now() - expected;
    expected = now() + TICK;
  }, TICK).unref();
  return (_req, res) => {
    if (Math.max(late, now() - expected) <= most) return false;
    shed(res);
    return true;
  };
}

function shed(res: Response): void {
  res.set('Retry-After', '1').status(503).type('text/plain').send('Service Unavailable');
}
