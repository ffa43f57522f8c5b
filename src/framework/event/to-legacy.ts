import type { LegacyEvent } from '../functions.ts';
import type { Attributes } from './binary.ts';
import { LEGACY_TYPES, PUBSUB_MESSAGE, SERVICE } from './event-types.ts';
import { isTable, type Table } from '../../base/table.ts';
import { renameKeys, textOf } from '../table.ts';
import type { Converted } from './to-cloud-event.ts';

/** Makes a legacy event of a CloudEvent; undefined when its type has no legacy one. */
export function toLegacyEvent(attributes: Attributes, data: unknown): Converted<LegacyEvent> | undefined {
  const eventType = LEGACY_TYPES.get(attributes['type'] ?? '');
  if (eventType === undefined) return undefined;
  const place = parseSource(attributes['source'] ?? '');
  if ('problem' in place) return place;
  const { service, name } = place.event;
  const { resource, data: converted } = legacyDetails(service, name, attributes['subject'], data);
  const context = { eventId: attributes['id'] ?? '', timestamp: attributes['time'] ?? '', eventType, resource };
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- data is handed over as it came
  return { event: { context, data: converted as Table } };
}

/** Splits a source into the service's host and the name of what it tells about. */
export function parseSource(source: string): Converted<{ readonly service: string; readonly name: string }> {
  const [, service, name] = /^\/\/([^/]+)\/(.+)$/.exec(source) ?? [];
  if (service === undefined || name === undefined) {
    return { problem: `Failed to convert CloudEvent with invalid source: "${source}"` };
  }
  return { event: { service, name } };
}

function legacyDetails(
  service: string,
  name: string,
  subject: string | undefined,
  data: unknown,
): { readonly resource: string | Record<string, string>; readonly data: unknown } {
  const plain = subject === undefined ? name : `${name}/${subject}`;
  if (service === SERVICE.pubsub) {
    return { resource: { service, name, type: PUBSUB_MESSAGE }, data: isTable(data) ? flattenMessage(data) : data };
  }
  if (service === SERVICE.storage) {
    return { resource: { name: plain, service, type: isTable(data) ? textOf(data['kind']) : '' }, data };
  }
  if (service === SERVICE.database) return { resource: plain.replace(/\/locations\/[^/]+/, ''), data };
  if (service === SERVICE.analytics) return { resource: plain.replace(/\/apps\/[^/]+/, ''), data };
  if (service !== SERVICE.auth) return { resource: plain, data };
  if (!isTable(data) || !isTable(data['metadata'])) return { resource: name, data };
  const metadata = renameKeys(data['metadata'], { createTime: 'createdAt', lastSignInTime: 'lastSignedInAt' });
  return { resource: name, data: { ...data, metadata } };
}

function flattenMessage(data: Table): Table {
  const { messageId: _, publishTime: __, ...message } = isTable(data['message']) ? data['message'] : data;
  return message;
}
