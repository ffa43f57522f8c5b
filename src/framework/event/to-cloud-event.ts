import type { CloudEvent } from '../functions.ts';
import { CLOUD_EVENT_TYPES, SERVICE, serviceOf } from './event-types.ts';
import { isTable, type Table } from '../../base/table.ts';
import { renameKeys, textOf } from '../table.ts';

/** A conversion, or why there is none. */
export type Converted<T> = { readonly event: T } | { readonly problem: string };

/** Where something happened, in the parts a CloudEvent has. */
export interface Place {
  readonly service: string;
  readonly resource: string;
  readonly subject: string;
}

/** How services split a resource into source and subject. */
const SPLITS: ReadonlyMap<string, RegExp> = new Map([
  [SERVICE.analytics, /^(projects\/[^/]+)\/(events\/[^/]+)$/],
  [SERVICE.database, /^projects\/[^/]+\/(instances\/[^/]+)\/(refs\/.+)$/],
  [SERVICE.firestore, /^(projects\/[^/]+\/databases\/[^/]+)\/(documents\/.+)$/],
  [SERVICE.storage, /^(projects\/[^/]+\/buckets\/[^/]+)\/(objects\/[^#]+)(?:#\d*)?$/],
]);

/**
 * Makes a CloudEvent of a legacy event; undefined when the body is none that has a CloudEvent type.
 * The mapping: https://github.com/GoogleCloudPlatform/functions-framework-conformance/blob/main/docs/mapping.md
 */
export function toCloudEvent(body: unknown): Converted<CloudEvent> | undefined {
  if (!isTable(body) || !('data' in body)) return undefined;
  const { context = body, data } = body;
  if (!isTable(context) || !('resource' in context)) return undefined;
  const type = CLOUD_EVENT_TYPES.get(textOf(context['eventType']));
  if (type === undefined) return undefined;
  const place = splitResource(context);
  if ('problem' in place) return place;
  const details = detailsOf(place.event, context, data, body['domain']);
  if ('problem' in details) return details;
  const { source, subject, data: converted } = details.event;
  return {
    event: {
      id: textOf(context['eventId']),
      time: textOf(context['timestamp']),
      specversion: '1.0',
      datacontenttype: 'application/json',
      type,
      source: `//${source}`,
      data: converted,
      ...(subject === '' ? {} : { subject }),
    },
  };
}

/** Splits the resource of a legacy event's context. */
export function splitResource(context: Table): Converted<Place> {
  const { resource } = context;
  const name = isTable(resource) ? textOf(resource['name']) : textOf(resource);
  const type = textOf(context['eventType']);
  const service = (isTable(resource) ? textOf(resource['service']) : '') || serviceOf(type);
  if (service === undefined) return { problem: `Unable to find equivalent CloudEvent service for ${type}.` };
  const split = SPLITS.get(service);
  if (split === undefined) return { event: { service, resource: name, subject: '' } };
  const [, before = '', subject = ''] = split.exec(name) ?? [];
  if (subject === '') return { problem: `Resource string did not match expected format: ${name}.` };
  return { event: { service, resource: before, subject } };
}

interface Details {
  readonly source: string;
  readonly subject: string;
  readonly data: unknown;
}

/** What each service does beyond the general rules. */
function detailsOf(place: Place, context: Table, data: unknown, domain: unknown): Converted<Details> {
  const { service, resource, subject } = place;
  const general = { source: `${service}/${resource}`, subject, data };
  if (service === SERVICE.database) return databaseDetails(place, data, domain);
  if (!isTable(data)) return { event: general };
  if (service === SERVICE.pubsub) return { event: { ...general, data: { message: messageOf(data, context) } } };
  if (service === SERVICE.analytics) {
    const app = appIdOf(data);
    return { event: app === '' ? general : { ...general, source: `${service}/${resource}/apps/${app}` } };
  }
  if (service !== SERVICE.auth || !isTable(data['metadata'])) return { event: general };
  const metadata = renameKeys(data['metadata'], { createdAt: 'createTime', lastSignedInAt: 'lastSignInTime' });
  const user = 'uid' in data ? `users/${String(data['uid'])}` : subject;
  return { event: { ...general, subject: user, data: { ...data, metadata } } };
}

function messageOf(data: Table, context: Table): Table {
  return {
    ...data,
    publishTime: data['publishTime'] || context['timestamp'],
    messageId: data['messageId'] || context['eventId'],
  };
}

function appIdOf(data: Table): string {
  const user = data['userDim'];
  const app = isTable(user) ? user['appInfo'] : undefined;
  return isTable(app) ? textOf(app['appId']) : '';
}

function databaseDetails({ service, resource, subject }: Place, data: unknown, domain: unknown): Converted<Details> {
  const name = textOf(domain);
  const location = name === 'firebaseio.com' ? 'us-central1' : /^([\w-]+)\.firebasedatabase\.app$/.exec(name)?.[1];
  if (location === undefined) return { problem: `Unable to convert to a ${service} CloudEvent: invalid domain.` };
  return { event: { source: `${service}/projects/_/locations/${location}/${resource}`, subject, data } };
}
