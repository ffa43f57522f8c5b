import type { AsyncLocalStorage } from 'node:async_hooks';
import type { Endpoint } from './endpoint.ts';
import { sendErrorPage } from './error-page.ts';
import type { Execution } from './execution.ts';
import { answerFailure, endWith, type FailurePolicy } from './failure.ts';
import type { Gate } from './gate.ts';
import { parseBody } from './parse-body.ts';
import { hasBody, readBytes } from './read-body.ts';
import type { Request, Response } from './types.ts';

/** Answers a request itself, or leaves it to others. */
export type Interceptor = (req: Request, res: Response) => boolean;

/** What every exchange of a server needs. */
export interface ExchangeOptions extends FailurePolicy {
  /** The function for a request; undefined when the request has been answered. */
  readonly route: (req: Request, res: Response) => Endpoint | undefined;
  /** Asked in order before anything else, whether functions may be called or not: paths that are not theirs, health. */
  readonly first: readonly Interceptor[];
  /** Undefined where functions may be called as long as the server listens. */
  readonly gate: Gate | undefined;
  /** Asked in order before the function: ignored routes, load shedding, timeouts. */
  readonly interceptors: readonly Interceptor[];
  /** In bytes. */
  readonly bodyLimit: number;
  /** Tells whose request code belongs to, however late it runs. */
  readonly current: AsyncLocalStorage<Invocation>;
  /** What has not ended; kept by the listener. */
  readonly inFlight: Set<Invocation>;
  /** Keeps responses reachable for code that runs after their end, such as labelled logs. */
  readonly keepsEnded?: boolean | undefined;
}

/** A call of a function, as long as anything of it runs. */
export interface Invocation {
  /** Undefined once it has ended: code that lingers would otherwise keep it, and all it holds, in memory. */
  res: Response | undefined;
  /** Told of failures that belong to no response, such as those of an upgraded connection. */
  readonly fail?: (error: unknown) => void;
  /** What logs say of it where no request does. */
  execution?: Execution;
}

/** Makes the listener for requests: from the first byte of one to the call of the function. */
export function createListener(options: ExchangeOptions): (req: Request, res: Response) => void {
  const { first, gate, interceptors, route, bodyLimit, current, inFlight } = options;

  const invoke = callerOf(options);
  const begin = (invocation: Invocation, req: Request, res: Response): void => {
    for (const intercept of first) if (intercept(req, res)) return;
    if (gate === undefined) admit(invocation, req, res);
    else
      gate.enter(
        () => res.destroyed || admit(invocation, req, res),
        () => refuse(res),
      );
  };
  const admit = (invocation: Invocation, req: Request, res: Response): void => {
    for (const intercept of interceptors) if (intercept(req, res)) return;
    const endpoint = route(req, res);
    if (endpoint === undefined) return;
    if (endpoint.http1Only === true && req.httpVersionMajor === 2) {
      sendErrorPage(req, res, 505);
      return;
    }
    if (endpoint.body === 'stream' || !hasBody(req)) {
      invoke(endpoint, req, res);
      return;
    }
    readBytes(req, bodyLimit, (bytes, unreadable) => {
      const problem = bytes === undefined ? unreadable : parseBody(req, bytes, endpoint.body);
      // What a stream emits runs outside the invocation.
      if (res.writableEnded || res.destroyed) return;
      if (problem === undefined) current.run(invocation, invoke, endpoint, req, res);
      else sendErrorPage(req, res, problem.status);
    });
  };
  return (req, res) => {
    linkResponse(req, res);
    const invocation: Invocation = { res };
    inFlight.add(invocation);
    res.on('close', () => {
      inFlight.delete(invocation);
      if (options.keepsEnded !== true) invocation.res = undefined;
    });
    current.run(invocation, begin, invocation, req, res);
  };
}

/** Calls functions; what one throws, at once or later, is the failure of its call alone. */
function callerOf(policy: FailurePolicy): (endpoint: Endpoint, req: Request, res: Response) => void {
  const fail = (endpoint: Endpoint, res: Response, error: unknown): void => {
    answerFailure(res, error, { status: endpoint.failure, google: endpoint.google }, policy);
  };
  return (endpoint, req, res) => {
    try {
      const result = endpoint.invoke(req, res);
      if (isThenable(result)) result.then(undefined, (error: unknown) => fail(endpoint, res, error));
    } catch (error) {
      fail(endpoint, res, error);
    }
  };
}

/** Others, or this one in a while, may do better. */
function refuse(res: Response): void {
  if (res.req.httpVersionMajor === 1 && !res.headersSent) res.setHeader('connection', 'close');
  endWith(res, 503, { status: 'error' }, 'The function is not ready, or is ending.');
}

function linkResponse(req: Request & { res?: Response }, res: Response): void {
  req.res = res;
}

/** Whether a value is a promise or behaves like one. */
export function isThenable(value: unknown): value is PromiseLike<unknown> {
  return typeof value === 'object' && value !== null && 'then' in value && typeof value.then === 'function';
}
