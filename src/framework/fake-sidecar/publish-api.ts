import { isTable, type Table } from '../../base/table.ts';
import { textOf } from '../table.ts';
import { ApiError } from './api-error.ts';
import { jsonBody, metadataOf, NO_CONTENT, type ApiRequest, type ApiRoute } from './api.ts';
import type { Broker, Delivery } from './broker.ts';
import { envelopeOf, isType, type Publication } from './envelope.ts';

/** Publishes as Dapr's API does: wraps what is no CloudEvent, unless it is to stay raw. */
export type Publish = (publication: Publication) => Promise<Delivery>[];

/** Makes it; `names` are those of the pub/sub components. */
export function makePublish(broker: Broker, names: ReadonlySet<string>, appId: string): Publish {
  return (publication) => {
    const { pubsub, topic, bytes, metadata } = publication;
    checkTopic(names, pubsub, topic);
    const isRaw = metadata['rawPayload'] === 'true';
    const event = isRaw ? bytes : Buffer.from(JSON.stringify(envelopeOf(publication, appId)));
    return broker.publish({ pubsub, topic, bytes: event });
  };
}

/** https://docs.dapr.io/reference/api/pubsub_api/ */
export function publishRoutes(publish: Publish, names: ReadonlySet<string>): ApiRoute[] {
  return [
    {
      methods: 'POST PUT',
      path: /^\/v1\.0\/publish\/([^/]*)\/(.*)$/,
      handle(request, [pubsub = '', topic = '']) {
        const { body: bytes, headers } = request;
        const contentType = headers['content-type'] ?? '';
        void publish({ pubsub, topic, bytes, contentType, ...shared(request) });
        return NO_CONTENT;
      },
    },
    {
      methods: 'POST PUT',
      path: /^\/v1\.0-alpha1\/publish\/bulk\/([^/]*)\/(.*)$/,
      handle(request, [pubsub = '', topic = '']) {
        checkTopic(names, pubsub, topic);
        const { metadata, traceparent } = shared(request);
        for (const entry of entriesOf(jsonBody(request), pubsub, topic)) {
          const own = isTable(entry['metadata']) ? entry['metadata'] : {};
          const all = { ...metadata, ...textsOf(own) };
          const contentType = textOf(entry['contentType']);
          const bytes = bytesOf(entry['event'], contentType);
          void publish({ pubsub, topic, bytes, contentType, metadata: all, traceparent });
        }
        return NO_CONTENT;
      },
    },
  ];
}

function shared(request: ApiRequest): Pick<Publication, 'metadata' | 'traceparent'> {
  return { metadata: metadataOf(request), traceparent: textOf(request.headers['traceparent']) };
}

function checkTopic(names: ReadonlySet<string>, pubsub: string, topic: string): void {
  if (pubsub === '') throw new ApiError(404, 'ERR_PUBSUB_EMPTY', 'pubsub name is empty');
  if (!names.has(pubsub)) throw new ApiError(404, 'ERR_PUBSUB_NOT_FOUND', `pubsub ${pubsub} is not found`);
  if (topic === '') throw new ApiError(404, 'ERR_TOPIC_NAME_EMPTY', `topic is empty in pubsub ${pubsub}`);
}

function entriesOf(value: unknown, pubsub: string, topic: string): Table[] {
  if (!Array.isArray(value)) {
    const why = `error when unmarshaling the request for topic ${topic} pubsub ${pubsub}: it is no list`;
    throw new ApiError(400, 'ERR_PUBSUB_EVENTS_SER', why);
  }
  const entries = value.filter(isTable);
  const ids = new Set(entries.map((entry) => textOf(entry['entryId'])));
  if (ids.size === value.length && !ids.has('')) return entries;
  const why = 'entryId is duplicated or not present for entry';
  const message = `error marshaling events to bytes for topic ${topic} pubsub ${pubsub}. error: ${why}`;
  throw new ApiError(400, 'ERR_PUBSUB_EVENTS_SER', message);
}

/** Bytes come in base64; text as it is, unless it is JSON. */
function bytesOf(event: unknown, contentType: string): Buffer {
  const text = typeof event === 'string' ? event : undefined;
  if (text !== undefined && isType(contentType, 'application/octet-stream')) return Buffer.from(text, 'base64');
  const isJson = isType(contentType, 'application/json');
  return Buffer.from(text === undefined || isJson ? JSON.stringify(event ?? null) : text);
}

function textsOf(table: Table): Record<string, string> {
  return Object.fromEntries(Object.entries(table).map(([name, value]) => [name, textOf(value)]));
}
