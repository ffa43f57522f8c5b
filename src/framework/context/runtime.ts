import { decodeCloudEvent } from '../event/decode.ts';
import { isBinary } from '../event/binary.ts';
import type { CloudEvent } from '../functions.ts';
import { mediaTypeOf } from '../http/content-type.ts';
import type { Request, Response } from '../http/types.ts';
import type { OpenFunctionContext } from './types.ts';

/**
 * The first argument of an OpenFunction function, a new one for each invocation. The keys of the function context are
 * its members too: `ctx.name`, `ctx.outputs` and so on.
 */
export class OpenFunctionRuntime {
  /** The request; undefined when a message from Dapr is handled. */
  req: Request | undefined;
  /** The response; what is sent through it is the answer. */
  res: Response | undefined;
  /** Free for the function and its plugins to use. */
  locals: Record<string, unknown> = {};
  /** What the function threw, for post hooks. */
  error: Error | undefined = undefined;

  constructor(req?: Request, res?: Response) {
    this.req = req;
    this.res = res;
  }

  /** Sets what started this invocation. */
  setTrigger(req: Request, res?: Response): void {
    this.req = req;
    this.res = res;
  }

  /** The CloudEvent that the request carries, in whichever mode; undefined when it carries none. */
  get cloudEvent(): CloudEvent | undefined {
    const { req } = this;
    if (req === undefined) return undefined;
    const carriesOne =
      isBinary(req.headers) || mediaTypeOf(req.headers['content-type']) === 'application/cloudevents+json';
    if (!carriesOne) return undefined;
    const decoded = decodeCloudEvent(req, { strict: false, warn: () => {} });
    return 'event' in decoded ? decoded.event : undefined;
  }
}

/** The members that the function context adds to `OpenFunctionRuntime`. */
export type OpenFunctionInvocation = OpenFunctionRuntime & Partial<OpenFunctionContext>;

/** Makes the class of a server's invocations: the function context's keys stand on its prototype. */
export function bindRuntime(
  context: OpenFunctionContext,
): new (req?: Request, res?: Response) => OpenFunctionInvocation {
  class BoundRuntime extends OpenFunctionRuntime {}
  for (const [key, value] of Object.entries(context)) {
    Object.defineProperty(BoundRuntime.prototype, key, { value, writable: true, enumerable: true, configurable: true });
  }
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the loop above made it so
  return BoundRuntime as new (req?: Request, res?: Response) => OpenFunctionInvocation;
}
