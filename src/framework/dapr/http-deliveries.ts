import type { IncomingHttpHeaders } from 'node:http';
import type { Request, Response } from '../http/types.ts';
import { isTable, textOf, type Table } from '../table.ts';
import { decodeBytes, parseJson } from './answer.ts';
import { BindingMessage } from './binding-message.ts';
import type { Deliver, Verdict } from './deliver.ts';
import { HttpBindingEvent } from './http-binding-event.ts';
import { sendJson, sendStatus } from './http-answer.ts';
import { isEnvelope } from './topic-data.ts';
import { TopicMessage } from './topic-message.ts';
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
  const judge = async (message: TopicMessage | BindingMessage): Promise<Verdict> =>
    verdicts.settle(message, await deliver(message));
  const judgeEach = async (bulk: Bulk, res: Response, triggers: TopicTriggers): Promise<void> => {
    const statuses = await Promise.all(
      bulk.entries.map(async (entry) => ({
        entryId: entry['entryId'],
        status: await judge(messageOf(entryEvent(entry), triggers, { bulk })),
      })),
    );
    sendJson(res, JSON.stringify({ statuses }));
  };
  return {
    async binding(req, res, { inputName, component }) {
      const event = new HttpBindingEvent(component, req.rawBody ?? NO_BYTES, req.headers);
      const verdict = await judge(new BindingMessage(inputName, event, req.headers));
      if (verdict === 'RETRY') sendJson(res, BINDING_FAILED, 500);
      else sendStatus(res, 200);
    },
    async topic(req, res, triggers) {
      const bytes = req.rawBody ?? NO_BYTES;
      const value = decodeBytes(bytes);
      const bulk = bulkOf(value);
      if (bulk !== undefined) return judgeEach(bulk, res, triggers);
      const verdict = await judge(messageOf(value, triggers, { headers: req.headers }));
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
  if (!isTable(value) || value['type'] !== BULK_TYPE || !Array.isArray(value['entries'])) return undefined;
  return { ...value, entries: value['entries'].filter(isTable) };
}

/** A CloudEvent in JSON, or bytes in base64 where the subscription wants raw payloads. */
function entryEvent({ event, contentType }: Table): unknown {
  if (typeof event !== 'string') return event;
  const bytes = Buffer.from(event, 'base64');
  return textOf(contentType).startsWith('application/cloudevents') ? parseJson(bytes) : bytes;
}

/** Where an event stands: the headers of a bulk are of none of its events. */
interface Delivery {
  readonly bulk?: Bulk;
  readonly headers?: IncomingHttpHeaders;
}

/** What is no CloudEvent is the data of one. */
function messageOf(value: unknown, triggers: TopicTriggers, { bulk, headers }: Delivery): TopicMessage {
  const { inputName, pubsub, topic } = triggerFor(triggers, isTable(value) ? value : {}, bulk);
  if (isEnvelope(value)) return new TopicMessage(inputName, value, headers);
  const data = Buffer.isBuffer(value) ? { data_base64: value.toString('base64') } : { data: value };
  return new TopicMessage(inputName, { topic, pubsubname: pubsub, ...data }, headers);
}
