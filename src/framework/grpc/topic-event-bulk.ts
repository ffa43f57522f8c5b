import { readEntry, writeMap } from './map.ts';
import { Reader } from './reader.ts';
import { readStruct, type Struct, writeStruct } from './struct.ts';
import { type Init, Writer } from './writer.ts';

/** Events of a topic: https://github.com/dapr/dapr/blob/v1.16.5/dapr/proto/runtime/v1/appcallback.proto */
export interface TopicEventBulkRequest {
  readonly id: string;
  readonly entries: readonly TopicEventBulkRequestEntry[];
  readonly metadata: Readonly<Record<string, string>>;
  readonly topic: string;
  readonly pubsubName: string;
  readonly type: string;
  /** The route that matched. */
  readonly path: string;
}

/** One of the events: either `bytes` or `cloudEvent`; neither where the event is of a kind that is not known. */
export interface TopicEventBulkRequestEntry {
  readonly entryId: string;
  readonly bytes: Buffer | undefined;
  readonly cloudEvent: TopicEventCERequest | undefined;
  readonly contentType: string;
  readonly metadata: Readonly<Record<string, string>>;
}

/** A CloudEvent among others. */
export interface TopicEventCERequest {
  readonly id: string;
  readonly source: string;
  readonly type: string;
  readonly specVersion: string;
  readonly dataContentType: string;
  readonly data: Buffer;
  /** The extension attributes of the CloudEvent. */
  readonly extensions: Struct;
}

/** The answers to the events. */
export interface TopicEventBulkResponse {
  readonly statuses: readonly TopicEventBulkResponseEntry[];
}

/** The answer to one of them. */
export interface TopicEventBulkResponseEntry {
  readonly entryId: string;
  /** One of `TOPIC_EVENT_STATUS`. */
  readonly status: number;
}

/** Throws a `GrpcError` where the bytes are no such message; all bytes in it are views of `message`. */
export function decodeTopicEventBulkRequest(message: Buffer): TopicEventBulkRequest {
  const reader = new Reader(message);
  let id = '';
  const entries: TopicEventBulkRequestEntry[] = [];
  const metadata: Record<string, string> = {};
  let topic = '';
  let pubsubName = '';
  let type = '';
  let path = '';
  for (let tag = reader.tag(); tag !== 0; tag = reader.tag()) {
    if (tag === 0o12) id = reader.string();
    else if (tag === 0o22) entries.push(reader.message(readRequestEntry));
    else if (tag === 0o32) reader.entry(metadata, readEntry);
    else if (tag === 0o42) topic = reader.string();
    else if (tag === 0o52) pubsubName = reader.string();
    else if (tag === 0o62) type = reader.string();
    else if (tag === 0o72) path = reader.string();
    else reader.skip(tag);
  }
  return { id, entries, metadata, topic, pubsubName, type, path };
}

/** What is left out has its default. */
export function encodeTopicEventBulkRequest(message: Init<TopicEventBulkRequest>): Buffer {
  const { id, entries = [], metadata, topic, pubsubName, type, path } = message;
  const writer = new Writer();
  if (id) writer.string(0o12, id);
  for (const entry of entries) writer.message(0o22, writeRequestEntry, entry);
  if (metadata) writeMap(writer, 0o32, metadata);
  if (topic) writer.string(0o42, topic);
  if (pubsubName) writer.string(0o52, pubsubName);
  if (type) writer.string(0o62, type);
  if (path) writer.string(0o72, path);
  return writer.finish();
}

/** Throws a `GrpcError` where the bytes are no such message; all bytes in it are views of `message`. */
export function decodeTopicEventBulkResponse(message: Buffer): TopicEventBulkResponse {
  const reader = new Reader(message);
  const statuses: TopicEventBulkResponseEntry[] = [];
  for (let tag = reader.tag(); tag !== 0; tag = reader.tag()) {
    if (tag === 0o12) statuses.push(reader.message(readResponseEntry));
    else reader.skip(tag);
  }
  return { statuses };
}

/** What is left out has its default. */
export function encodeTopicEventBulkResponse({ statuses = [] }: Init<TopicEventBulkResponse>): Buffer {
  const writer = new Writer();
  for (const entry of statuses) writer.message(0o12, writeResponseEntry, entry);
  return writer.finish();
}

function readRequestEntry(reader: Reader): TopicEventBulkRequestEntry {
  let entryId = '';
  let bytes: Buffer | undefined;
  let cloudEvent: TopicEventCERequest | undefined;
  let contentType = '';
  const metadata: Record<string, string> = {};
  for (let tag = reader.tag(); tag !== 0; tag = reader.tag()) {
    if (tag === 0o12) entryId = reader.string();
    else if (tag === 0o22) {
      bytes = reader.bytes();
      cloudEvent = undefined;
    } else if (tag === 0o32) {
      cloudEvent = reader.message(readCloudEvent);
      bytes = undefined;
    } else if (tag === 0o42) contentType = reader.string();
    else if (tag === 0o52) reader.entry(metadata, readEntry);
    else reader.skip(tag);
  }
  return { entryId, bytes, cloudEvent, contentType, metadata };
}

function writeRequestEntry(writer: Writer, entry: Init<TopicEventBulkRequestEntry>): void {
  const { entryId, bytes, cloudEvent, contentType, metadata } = entry;
  if (entryId) writer.string(0o12, entryId);
  if (bytes) writer.bytes(0o22, bytes);
  else if (cloudEvent) writer.message(0o32, writeCloudEvent, cloudEvent);
  if (contentType) writer.string(0o42, contentType);
  if (metadata) writeMap(writer, 0o52, metadata);
}

function readCloudEvent(reader: Reader): TopicEventCERequest {
  let id = '';
  let source = '';
  let type = '';
  let specVersion = '';
  let dataContentType = '';
  let data: Buffer | undefined;
  let extensions: Struct | undefined;
  for (let tag = reader.tag(); tag !== 0; tag = reader.tag()) {
    if (tag === 0o12) id = reader.string();
    else if (tag === 0o22) source = reader.string();
    else if (tag === 0o32) type = reader.string();
    else if (tag === 0o42) specVersion = reader.string();
    else if (tag === 0o52) dataContentType = reader.string();
    else if (tag === 0o62) data = reader.bytes();
    else if (tag === 0o72) extensions = reader.message(readStruct);
    else reader.skip(tag);
  }
  data ??= Buffer.alloc(0);
  extensions ??= {};
  return { id, source, type, specVersion, dataContentType, data, extensions };
}

function writeCloudEvent(writer: Writer, event: Init<TopicEventCERequest>): void {
  const { id, source, type, specVersion, dataContentType, data, extensions } = event;
  if (id) writer.string(0o12, id);
  if (source) writer.string(0o22, source);
  if (type) writer.string(0o32, type);
  if (specVersion) writer.string(0o42, specVersion);
  if (dataContentType) writer.string(0o52, dataContentType);
  if (data?.length) writer.bytes(0o62, data);
  if (extensions) writer.message(0o72, writeStruct, extensions);
}

function readResponseEntry(reader: Reader): TopicEventBulkResponseEntry {
  let entryId = '';
  let status = 0;
  for (let tag = reader.tag(); tag !== 0; tag = reader.tag()) {
    if (tag === 0o12) entryId = reader.string();
    else if (tag === 0o20) status = reader.int32();
    else reader.skip(tag);
  }
  return { entryId, status };
}

function writeResponseEntry(writer: Writer, { entryId, status }: Init<TopicEventBulkResponseEntry>): void {
  if (entryId) writer.string(0o12, entryId);
  if (status) writer.int32(0o20, status);
}
