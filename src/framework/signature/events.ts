import { describeThrown } from '../../base/error.ts';
import type { Log } from '../../base/log.ts';
import type { CloudEvent } from '../functions.ts';
import { decodeBatch, decodeCloudEvent, decodeLegacyEvent, isBatch, type DecodeOptions } from '../event/decode.ts';
import type { Endpoint } from '../http/endpoint.ts';
import { endWith } from '../http/failure.ts';
import type { Request, Response } from '../http/types.ts';
import { isHookAbort } from '../plugin/hook-abort.ts';
import type { FunctionOf, SignatureOptions } from './endpoint-of.ts';
import { callWithCallback, complete } from './completion.ts';

type EventOptions = Pick<SignatureOptions, 'log' | 'strictCloudEvents' | 'run'>;

/** Events of a batch that are handled at once. */
const BATCH_CONCURRENCY = 16;

const EVENTS = { body: 'event', postOnly: true, ignoresBrowsers: false, failure: 'error' } as const;

/** An endpoint for legacy events: `(data, context)`, or with a callback when the function takes three arguments. */
export function eventEndpoint({ name, handler }: FunctionOf<'event'>, options: EventOptions): Endpoint {
  const { log, run } = options;
  const call = (data: unknown, context: unknown): unknown =>
    handler.length > 2
      ? callWithCallback((callback) => handler(data, context, callback), log)
      : handler(data, context, ignoreCallback);
  const decodeOptions = decodeOptionsOf(options);
  return {
    name,
    ...EVENTS,
    async invoke(req, res) {
      const decoded = decodeLegacyEvent(req, decodeOptions);
      if ('problem' in decoded) return refuse(res, decoded.problem);
      const { data, context } = decoded.event;
      return complete(res, await run(req, res, data, (value) => call(value, context)), log);
    },
  };
}

/** An endpoint for CloudEvents: `(event)`, or with a callback when the function takes two arguments. */
export function cloudEventEndpoint({ name, handler }: FunctionOf<'cloudevent'>, options: EventOptions): Endpoint {
  const { log, run } = options;
  const call = (event: CloudEvent): unknown =>
    handler.length > 1 ? callWithCallback((callback) => handler(event, callback), log) : handler(event, ignoreCallback);
  const callIn = (req: Request, res: Response) => (event: CloudEvent) =>
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the event, or what a plugin put in its place
    run(req, res, event, (value) => call(value as CloudEvent));
  const decodeOptions = decodeOptionsOf(options);
  const invokeBatch = async (req: Request, res: Response): Promise<void> => {
    const decoded = decodeBatch(req, decodeOptions);
    if ('problem' in decoded) return refuse(res, decoded.problem);
    const failures = await callEach(decoded.event, callIn(req, res));
    for (const { error } of failures) log.error(describeThrown(error));
    if (failures.length === 0) return complete(res, undefined, log);
    return endWith(res, 500, { status: 'error' }, `Failed events: ${failures.map(({ id }) => id).join(', ')}`);
  };
  return {
    name,
    ...EVENTS,
    invoke(req, res) {
      if (isBatch(req)) return invokeBatch(req, res);
      const decoded = decodeCloudEvent(req, decodeOptions);
      if ('problem' in decoded) return refuse(res, decoded.problem);
      return finish(callIn(req, res)(decoded.event), res, log);
    },
  };
}

/** Stands in the place of an argument that the function does not take. */
function ignoreCallback(): void {}

function decodeOptionsOf({ log, strictCloudEvents }: EventOptions): DecodeOptions {
  return { strict: strictCloudEvents, warn: (line) => log.warn(line) };
}

async function finish(result: unknown, res: Response, log: Log): Promise<void> {
  complete(res, await result, log);
}

/** An event that means nothing to any function is the sender's fault. */
function refuse(res: Response, problem: string): void {
  endWith(res, 400, { status: 'error' }, problem);
}

interface EventFailure {
  readonly id: string;
  readonly error: unknown;
}

async function callEach(events: readonly CloudEvent[], call: (event: CloudEvent) => unknown): Promise<EventFailure[]> {
  const failures: EventFailure[] = [];
  const queue = events.values();
  const work = async (): Promise<void> => {
    for (const event of queue) {
      try {
        await call(event);
      } catch (error) {
        if (!isHookAbort(error) || error.code >= 400) failures.push({ id: event.id, error });
      }
    }
  };
  await Promise.all(Array.from({ length: Math.min(BATCH_CONCURRENCY, events.length) }, work));
  return failures;
}
