import type { TopicEventCERequest } from '../grpc/topic-event-bulk.ts';
import type { Table } from '../../base/table.ts';
import { textOf } from '../table.ts';
import { isType } from './envelope.ts';

/** The members of a CloudEvent that have fields of their own; all others are extensions. */
const FIELDS = new Set('id source type specversion datacontenttype data data_base64'.split(' '));

/**
 * A CloudEvent as the fields of an app's gRPC service:
 * https://github.com/dapr/dapr/blob/v1.16.5/pkg/runtime/pubsub/subscriptions.go. Data that its content type does not fit is
 * left out, as daprd does; undefined when it is text by its type, but something else.
 */
export function grpcEnvelopeOf(event: Table): TopicEventCERequest | undefined {
  const dataContentType = textOf(event['datacontenttype']);
  const data = bytesOf(event, dataContentType);
  if (data === undefined) return undefined;
  return {
    id: textOf(event['id']),
    source: textOf(event['source']),
    type: textOf(event['type']),
    specVersion: textOf(event['specversion']),
    dataContentType,
    data,
    extensions: Object.fromEntries(Object.entries(event).filter(([name]) => !FIELDS.has(name))),
  };
}

function bytesOf(event: Table, contentType: string): Buffer | undefined {
  const { data, data_base64: base64 } = event;
  if (typeof base64 === 'string') return Buffer.from(base64, 'base64');
  if (data === undefined || data === null) return Buffer.alloc(0);
  if (contentType.toLowerCase().startsWith('text/') || isType(contentType, 'application/xml')) {
    return typeof data === 'string' ? Buffer.from(data) : undefined;
  }
  const isJson = isType(contentType, 'application/json') || isType(contentType, 'application/cloudevents+json');
  return isJson ? Buffer.from(JSON.stringify(data)) : Buffer.alloc(0);
}
