import { Reader } from './reader.ts';
import { readStruct, type Struct, writeStruct } from './struct.ts';
import { type Init, Writer } from './writer.ts';

/** An event of a topic: https://github.com/dapr/dapr/blob/v1.16.5/dapr/proto/runtime/v1/appcallback.proto */
export interface TopicEventRequest {
  readonly id: string;
  readonly source: string;
  readonly type: string;
  readonly specVersion: string;
  readonly dataContentType: string;
  readonly data: Buffer;
  readonly topic: string;
  readonly pubsubName: string;
  /** The route that matched. */
  readonly path: string;
  /** The extension attributes of the CloudEvent. */
  readonly extensions: Struct;
}

/** What becomes of an event: SUCCESS is acknowledged, RETRY comes again, DROP goes to the dead letters. */
export const TOPIC_EVENT_STATUS = { SUCCESS: 0, RETRY: 1, DROP: 2 } as const;

/** The answer to an event. */
export interface TopicEventResponse {
  /** One of `TOPIC_EVENT_STATUS`. */
  readonly status: number;
}

/** Throws a `GrpcError` where the bytes are no such message; all bytes in it are views of `message`. */
export function decodeTopicEventRequest(message: Buffer): TopicEventRequest {
  const reader = new Reader(message);
  let id = '';
  let source = '';
  let type = '';
  let specVersion = '';
  let dataContentType = '';
  let data: Buffer | undefined;
  let topic = '';
  let pubsubName = '';
  let path = '';
  let extensions: Struct | undefined;
  for (let tag = reader.tag(); tag !== 0; tag = reader.tag()) {
    if (tag === 0o12) id = reader.string();
    else if (tag === 0o22) source = reader.string();
    else if (tag === 0o32) type = reader.string();
    else if (tag === 0o42) specVersion = reader.string();
    else if (tag === 0o52) dataContentType = reader.string();
    else if (tag === 0o62) topic = reader.string();
    else if (tag === 0o72) data = reader.bytes();
    else if (tag === 0o102) pubsubName = reader.string();
    else if (tag === 0o112) path = reader.string();
    else if (tag === 0o122) extensions = reader.message(readStruct);
    else reader.skip(tag);
  }
  data ??= Buffer.alloc(0);
  extensions ??= {};
  return { id, source, type, specVersion, dataContentType, data, topic, pubsubName, path, extensions };
}

/** What is left out has its default. */
export function encodeTopicEventRequest(event: Init<TopicEventRequest>): Buffer {
  const writer = new Writer();
  if (event.id) writer.string(0o12, event.id);
  if (event.source) writer.string(0o22, event.source);
  if (event.type) writer.string(0o32, event.type);
  if (event.specVersion) writer.string(0o42, event.specVersion);
  if (event.dataContentType) writer.string(0o52, event.dataContentType);
  if (event.topic) writer.string(0o62, event.topic);
  if (event.data?.length) writer.bytes(0o72, event.data);
  if (event.pubsubName) writer.string(0o102, event.pubsubName);
  if (event.path) writer.string(0o112, event.path);
  if (event.extensions) writer.message(0o122, writeStruct, event.extensions);
  return writer.finish();
}

/** Throws a `GrpcError` where the bytes are no such message; all bytes in it are views of `message`. */
export function decodeTopicEventResponse(message: Buffer): TopicEventResponse {
  const reader = new Reader(message);
  let status = 0;
  for (let tag = reader.tag(); tag !== 0; tag = reader.tag()) {
    if (tag === 0o10) status = reader.int32();
    else reader.skip(tag);
  }
  return { status };
}

/** What is left out has its default. */
export function encodeTopicEventResponse({ status }: Init<TopicEventResponse>): Buffer {
  const writer = new Writer();
  if (status) writer.int32(0o10, status);
  return writer.finish();
}
