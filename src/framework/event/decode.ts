import type { CloudEvent } from '../functions.ts';
import type { Request } from '../http/types.ts';
import { mediaTypeOf } from '../http/content-type.ts';
import { attributesOf, isBinary } from './binary.ts';
import { fromRawPush } from './pubsub.ts';
import { isTable } from '../../base/table.ts';
import { toCloudEvent, type Converted } from './to-cloud-event.ts';
import { toLegacyEvent } from './to-legacy.ts';

/** What decoding has to know beside the request. */
export interface DecodeOptions {
  /** Told what a person should know of an event that is served all the same. */
  readonly warn: (line: string) => void;
  /** Refuses events without id, source, type and specversion. */
  readonly strict: boolean;
}

/** The arguments of a legacy event function. */
export interface LegacyArguments {
  readonly data: unknown;
  readonly context: unknown;
}

const BATCH = 'application/cloudevents-batch+json';
const REQUIRED = ['id', 'source', 'type', 'specversion'] as const;

/** Whether a request carries a batch of CloudEvents. */
export function isBatch(req: Request): boolean {
  return mediaTypeOf(req.headers['content-type']) === BATCH;
}

/** The CloudEvent of a request: in binary or structured mode, or made of a legacy event or a raw Pub/Sub push. */
export function decodeCloudEvent(req: Request, options: DecodeOptions): Converted<CloudEvent> {
  const { headers } = req;
  const traceparent = headers['traceparent'];
  if (isBinary(headers)) {
    const event: Record<string, unknown> = attributesOf(headers);
    const type = headers['content-type'];
    if (options.strict && type !== undefined) event['datacontenttype'] ??= type;
    event['data'] = binaryData(req);
    return finish(event, traceparent, options);
  }
  const body = pushed(req, options) ?? req.body;
  const converted = toCloudEvent(body);
  if (converted !== undefined && 'problem' in converted) return converted;
  return finish(converted?.event ?? body, traceparent, options);
}

/** The CloudEvents of a batch. */
export function decodeBatch(req: Request, options: DecodeOptions): Converted<CloudEvent[]> {
  let events: unknown;
  try {
    events = JSON.parse(req.rawBody?.toString() ?? '');
  } catch (error) {
    return { problem: `The batch is not JSON: ${String(error)}` };
  }
  if (!Array.isArray(events)) return { problem: 'The batch is not a JSON array.' };
  const decoded: CloudEvent[] = [];
  for (const [index, value] of events.entries()) {
    if (!isTable(value)) return { problem: `Event ${index} of the batch is not a JSON object.` };
    const one = finish(value, req.headers['traceparent'], options);
    if ('problem' in one) return { problem: `Event ${index} of the batch: ${one.problem}` };
    decoded.push(one.event);
  }
  return { event: decoded };
}

/** Data and context of a legacy event, or of a CloudEvent in their shape. */
export function decodeLegacyEvent(req: Request, options: DecodeOptions): Converted<LegacyArguments> {
  if (isBinary(req.headers)) {
    const attributes = attributesOf(req.headers);
    const data = binaryData(req);
    return toLegacyEvent(attributes, data) ?? { event: { context: attributes, data } };
  }
  const body: unknown = pushed(req, options) ?? req.body;
  if (!isTable(body)) return { event: { data: undefined, context: body } };
  if (body['context'] !== undefined) return { event: { data: body['data'], context: body['context'] } };
  const { data, ...context } = body;
  return { event: { data, context } };
}

function pushed(req: Request, options: DecodeOptions): unknown {
  const push = fromRawPush(req.body, req.path);
  if (push?.topic === null) {
    options.warn(
      "Failed to extract the topic name from the URL path. Configure your subscription's push endpoint to use the following path: projects/PROJECT_NAME/topics/TOPIC_NAME",
    );
  }
  return push?.body;
}

/** JSON with a type of its own, such as application/vnd.api+json, is JSON all the same. */
function binaryData(req: Request): unknown {
  const { body }: { body: unknown } = req;
  if (!Buffer.isBuffer(body) || !mediaTypeOf(req.headers['content-type']).endsWith('+json')) return body;
  try {
    return JSON.parse(body.toString());
  } catch {
    return body;
  }
}

/** Adds the trace context and decodes data in base64; what is no object at all reaches the function as it is. */
function finish(value: unknown, traceparent: unknown, { strict }: DecodeOptions): Converted<CloudEvent> {
  const event = value;
  const missing = isTable(event) ? REQUIRED.filter((name) => typeof event[name] !== 'string') : REQUIRED;
  if (strict && missing.length > 0) return { problem: `The CloudEvent lacks ${missing.join(', ')}.` };
  if (isTable(event)) {
    if (typeof traceparent === 'string') Object.assign(event, { traceparent });
    const base64 = event['data_base64'];
    if (typeof base64 === 'string' && !('data' in event)) {
      Object.assign(event, { data: Buffer.from(base64, 'base64') });
    }
  }
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- unless strict, events are not checked
  return { event: event as CloudEvent };
}
