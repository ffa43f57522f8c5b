import type { IncomingHttpHeaders } from 'node:http';
import { isTable, type Table } from '../../base/table.ts';
import { scalarOf, textOf } from '../table.ts';
import { BULK_TYPE, bulkBounds, type AppChannel, type BulkEntry, type Subscription } from './app-channel.ts';
import { makeAppClient } from './app-client.ts';
import { answerOf, bulkAnswerOf } from './topic-answers.ts';

/** Headers of a connection, which are not passed on. */
const HOP_BY_HOP = new Set('connection content-length host keep-alive te trailer transfer-encoding upgrade'.split(' '));
const JSON_TYPE = { 'content-type': 'application/json' };

/**
 * Calls an app by HTTP, as daprd does: https://github.com/dapr/dapr/blob/v1.16.5/pkg/channel/http/http_channel.go, and
 * pkg/runtime/subscription/postman/http for what its answers mean.
 */
export function openHttpChannel(port: number, appToken: string | undefined): AppChannel {
  const app = makeAppClient(port, appToken === undefined ? {} : { 'dapr-api-token': appToken });
  return {
    async subscriptions() {
      await app.call({ method: 'GET', path: '/dapr/config', headers: JSON_TYPE });
      const { status, body } = await app.call({ method: 'GET', path: '/dapr/subscribe', headers: JSON_TYPE });
      if (status === 404) return [];
      if (status !== 200) throw new Error(`The app answered GET /dapr/subscribe with ${status}: ${body.toString()}`);
      return subscriptionsOf(body.length === 0 ? [] : JSON.parse(body.toString()));
    },
    async listensTo(_binding, route) {
      const { status } = await app.call({ method: 'OPTIONS', path: route, headers: JSON_TYPE });
      return Math.floor(status / 100) === 2 || status === 405;
    },
    async deliver({ subscription: { path, pubsub }, event }) {
      const traceparent = textOf(event['traceparent']);
      const headers = {
        'content-type': 'application/cloudevents+json',
        pubsubname: pubsub,
        ...(traceparent === '' ? {} : { traceparent }),
      };
      return answerOf(await app.call({ method: 'POST', path, headers, body: JSON.stringify(event) }));
    },
    async deliverBulk(subscription, entries) {
      const { path, pubsub } = subscription;
      const body = JSON.stringify(bulkOf(subscription, entries));
      const headers = { ...JSON_TYPE, pubsubname: pubsub };
      return bulkAnswerOf(await app.call({ method: 'POST', path, headers, body }), entries);
    },
    async trigger(_binding, route, data, metadata) {
      const headers = { ...metadata, ...JSON_TYPE };
      const { status, body } = await app.call({ method: 'POST', path: route, headers, body: data });
      return { ok: status === 200, status, body: body.toString() };
    },
    async invoke({ method, path, query, headers, body }) {
      const search = query.size === 0 ? '' : `?${query.toString()}`;
      const answer = await app.call({ method, path: path + search, headers: passedOn(headers), body });
      return { ...answer, headers: passedOn(answer.headers) };
    },
    close: () => app.close(),
  };
}

function passedOn(headers: IncomingHttpHeaders): Record<string, string | string[]> {
  const kept: Record<string, string | string[]> = {};
  for (const [name, value] of Object.entries(headers)) {
    if (value !== undefined && !HOP_BY_HOP.has(name)) kept[name] = value;
  }
  return kept;
}

/** Items without a path are left out, as daprd does. */
function subscriptionsOf(value: unknown): Subscription[] {
  if (!Array.isArray(value)) throw new Error('The app answered GET /dapr/subscribe with JSON that is no list.');
  return value
    .filter(isTable)
    .map(subscriptionOf)
    .filter(({ path }) => path !== '');
}

function subscriptionOf(item: Table): Subscription {
  const { pubsubname, topic, metadata, route, routes, deadLetterTopic, bulkSubscribe } = item;
  const { rules, default: byDefault = route } = isTable(routes) ? routes : {};
  if (Array.isArray(rules) && rules.length > 0) throw new Error('The fake sidecar has no CEL, which "rules" need.');
  const bulk = isTable(bulkSubscribe) ? bulkSubscribe : {};
  const pairs = Object.entries(isTable(metadata) ? metadata : {});
  return {
    pubsub: textOf(pubsubname),
    topic: textOf(topic),
    metadata: Object.fromEntries(pairs.map(([name, text]) => [name, scalarOf(text)])),
    path: textOf(byDefault),
    deadLetterTopic: textOf(deadLetterTopic) || undefined,
    bulk: bulkBounds(bulk['enabled'] === true, Number(bulk['maxMessagesCount']), Number(bulk['maxAwaitDurationMs'])),
  };
}

function bulkOf({ pubsub, topic, metadata }: Subscription, entries: readonly BulkEntry[]): object {
  return {
    id: globalThis.crypto.randomUUID(),
    type: BULK_TYPE,
    topic,
    pubsubname: pubsub,
    metadata: { ...metadata, pubsubName: pubsub },
    entries: entries.map(({ id, event }) => {
      const [value, contentType] = Buffer.isBuffer(event)
        ? [event.toString('base64'), 'application/octet-stream']
        : [event, 'application/cloudevents+json'];
      return { entryId: id, event: value, metadata: null, contentType };
    }),
  };
}
