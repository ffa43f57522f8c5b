import type { IncomingHttpHeaders } from 'node:http';
import type { Request, Response } from '../http/types.ts';
import { isTable, type Table } from '../../base/table.ts';
import { plainText, textOf } from '../table.ts';
import { decodeBytes } from './answer.ts';
import { BindingMessage } from './binding-message.ts';
import type { Metadata } from './client.ts';
import type { Deliver, Verdict } from './deliver.ts';
import { HttpBindingEvent } from './http-binding-event.ts';
import { sendJson, sendStatus } from './http-answer.ts';
import { isEnvelope } from './topic-data.ts';
import { TopicMessage, type Delivery } from './topic-message.ts';
import { triggerFor, type BindingTrigger, type TopicTriggers } from './triggers.ts';
import type { Verdicts } from './verdicts.ts';

/** Takes messages out of requests and answers for them. */
export interface HttpDeliveries {
  /** Answers 200 or 500: Dapr takes no other status for success. */
  binding(req: Request, res: Response, trigger: BindingTrigger): Promise<void>;
  /** Answers with a status in JSON, for one message or for each of several. */
  topic(req: Request, res: Response, triggers: TopicTriggers): Promise<void>;
}

const NO_BYTES = Buffer.alloc(0);
const STATUSES: Readonly<Record<Verdict, string>> = {
  SUCCESS: '{"status":"SUCCESS"}',
  RETRY: '{"status":"RETRY"}',
  DROP: '{"status":"DROP"}',
};
/** The words of Dapr's SDK for JavaScript. */
const BINDING_FAILED = JSON.stringify({
  error: 'COULD_NOT_PROCESS_CALLBACK',
  error_msg: 'Something happened while processing the input binding callback',
});

/** Makes them. */
export function httpDeliveries(deliver: Deliver, verdicts: Verdicts): HttpDeliveries {
  const judge = async (message: TopicMessage | BindingMessage, res: Response): Promise<Verdict> =>
    verdicts.settle(message, await deliver(message, () => res.closed));
  const judgeEach = async (bulk: Bulk, res: Response, triggers: TopicTriggers): Promise<void> => {
    const statuses = await Promise.all(
      bulk.entries.map(async (entry) => ({
        entryId: entry['entryId'],
        status: await judge(entryMessage(entry, triggers, bulk), res),
      })),
    );
    sendJson(res, JSON.stringify({ statuses }));
  };
  return {
    async binding(req, res, { inputName, component }) {
      const event = new HttpBindingEvent(component, req.rawBody ?? NO_BYTES, req.headers);
      const verdict = await judge(new BindingMessage(inputName, event, req.headers), res);
      if (verdict === 'RETRY') sendJson(res, BINDING_FAILED, 500);
      else sendStatus(res, 200);
    },
    async topic(req, res, triggers) {
      const bytes = req.rawBody ?? NO_BYTES;
      const value = decodeBytes(bytes);
      const bulk = bulkOf(value);
      if (bulk !== undefined) return judgeEach(bulk, res, triggers);
      const carriers = { headers: req.headers, metadata: () => metadataOf(req.headers) };
      const verdict = await judge(messageOf(value, triggers, carriers), res);
      return sendJson(res, STATUSES[verdict], verdict === 'RETRY' && verdicts.byFailureAlone ? 500 : 200);
    },
  };
}

/** Several messages in one request: https://docs.dapr.io/reference/api/pubsub_api/#optional-bulk-subscribe-route-specification */
interface Bulk extends Table {
  readonly entries: readonly Table[];
}

const BULK_TYPE = 'com.dapr.event.sent.bulk';

function bulkOf(value: unknown): Bulk | undefined {
  if (!isTable(value) || value['type'] !== BULK_TYPE || 'specversion' in value) return undefined;
  const { entries } = value;
  return { ...value, entries: Array.isArray(entries) ? entries.filter(isTable) : [] };
}

/** A CloudEvent in JSON, or bytes in base64 where the subscription wants raw payloads. */
function entryMessage(entry: Table, triggers: TopicTriggers, bulk: Bulk): TopicMessage {
  const metadata = (): Metadata => textsOf(isTable(entry['metadata']) ? Object.entries(entry['metadata']) : []);
  const { event } = entry;
  if (typeof event !== 'string') return messageOf(event, triggers, { metadata }, bulk);
  const type = textOf(entry['contentType']);
  const bytes = Buffer.from(event, 'base64');
  const value = type.startsWith('application/cloudevents') ? decodeBytes(bytes) : bytes;
  return messageOf(value, triggers, { metadata }, bulk, type);
}

/** What is no CloudEvent is the data of one. */
function messageOf(
  value: unknown,
  triggers: TopicTriggers,
  delivery: Delivery,
  bulk?: Bulk,
  datacontenttype = '',
): TopicMessage {
  const { inputName, pubsub, topic } = triggerFor(triggers, isTable(value) ? value : {}, bulk);
  if (isEnvelope(value)) return new TopicMessage(inputName, value, delivery);
  const data = Buffer.isBuffer(value) ? { datacontenttype, data_base64: value.toString('base64') } : { data: value };
  return new TopicMessage(inputName, { topic, pubsubname: pubsub, ...data }, delivery);
}

const METADATA = 'metadata.';

/** Metadata of the message, as the component has it: https://docs.dapr.io/reference/api/pubsub_api/ */
function metadataOf(headers: IncomingHttpHeaders): Metadata {
  const pairs = Object.entries(headers).filter(([name]) => name.startsWith(METADATA));
  return textsOf(pairs.map(([name, value]) => [name.slice(METADATA.length), value]));
}

function textsOf(pairs: readonly (readonly [string, unknown])[]): Metadata {
  return Object.fromEntries(pairs.map(([name, value]) => [name, plainText(value)]));
}
