import type { TopicEventBulkRequest, TopicEventBulkRequestEntry } from '../grpc/topic-event-bulk.ts';
import type { GrpcTopicEvent } from './grpc-topic-message.ts';

/** One of several events, and how the answer names it. */
export interface BulkEvent {
  readonly entryId: string;
  readonly event: GrpcTopicEvent;
}

/** The events of a bulk. */
export function eventsOf({ entries, topic, pubsubName }: TopicEventBulkRequest): BulkEvent[] {
  return entries.map((entry) => ({
    entryId: entry.entryId,
    event: { ...(entry.cloudEvent ?? rawEvent(entry)), topic, pubsubName },
  }));
}

/** An event whose subscription wants raw payloads. */
function rawEvent({
  entryId,
  bytes,
  contentType,
}: TopicEventBulkRequestEntry): Omit<GrpcTopicEvent, 'topic' | 'pubsubName'> {
  const none = { source: '', type: '', specVersion: '', extensions: {} };
  return { ...none, id: entryId, dataContentType: contentType, data: bytes ?? Buffer.alloc(0) };
}
