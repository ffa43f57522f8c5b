import { readEntry, writeMap } from './map.ts';
import { Reader } from './reader.ts';
import { type Init, Writer } from './writer.ts';

/** Which input bindings the app listens to. */
export interface ListInputBindingsResponse {
  readonly bindings: readonly string[];
}

/** An event of an input binding: https://github.com/dapr/dapr/blob/v1.16.5/dapr/proto/runtime/v1/appcallback.proto */
export interface BindingEventRequest {
  readonly name: string;
  readonly data: Buffer;
  readonly metadata: Readonly<Record<string, string>>;
}

/** How the output bindings of a response are called. */
export const BINDING_CONCURRENCY = { SEQUENTIAL: 0, PARALLEL: 1 } as const;

/** States to save and output bindings to call after an event. */
export interface BindingEventResponse {
  readonly storeName: string;
  readonly states: readonly StateItem[];
  readonly to: readonly string[];
  readonly data: Buffer;
  /** One of `BINDING_CONCURRENCY`. */
  readonly concurrency: number;
}

/** https://github.com/dapr/dapr/blob/v1.16.5/dapr/proto/common/v1/common.proto */
export interface StateItem {
  readonly key: string;
  readonly value: Buffer;
  readonly etag: Etag | undefined;
  readonly metadata: Readonly<Record<string, string>>;
  readonly options: StateOptions | undefined;
}

/** The version of a state. */
export interface Etag {
  readonly value: string;
}

/** How a state is saved; 0 leaves it to the store. */
export interface StateOptions {
  /** 1 the first write wins, 2 the last write wins. */
  readonly concurrency: number;
  /** 1 eventual, 2 strong. */
  readonly consistency: number;
}

/** Throws a `GrpcError` where the bytes are no such message; all bytes in it are views of `message`. */
export function decodeListInputBindingsResponse(message: Buffer): ListInputBindingsResponse {
  const reader = new Reader(message);
  const bindings: string[] = [];
  for (let tag = reader.tag(); tag !== 0; tag = reader.tag()) {
    if (tag === 0o12) bindings.push(reader.string());
    else reader.skip(tag);
  }
  return { bindings };
}

/** What is left out has its default. */
export function encodeListInputBindingsResponse({ bindings = [] }: Init<ListInputBindingsResponse>): Buffer {
  const writer = new Writer();
  for (const binding of bindings) writer.string(0o12, binding);
  return writer.finish();
}

/** Throws a `GrpcError` where the bytes are no such message; all bytes in it are views of `message`. */
export function decodeBindingEventRequest(message: Buffer): BindingEventRequest {
  const reader = new Reader(message);
  let name = '';
  let data: Buffer | undefined;
  const metadata: Record<string, string> = {};
  for (let tag = reader.tag(); tag !== 0; tag = reader.tag()) {
    if (tag === 0o12) name = reader.string();
    else if (tag === 0o22) data = reader.bytes();
    else if (tag === 0o32) reader.entry(metadata, readEntry);
    else reader.skip(tag);
  }
  return { name, data: data ?? Buffer.alloc(0), metadata };
}

/** What is left out has its default. */
export function encodeBindingEventRequest({ name, data, metadata }: Init<BindingEventRequest>): Buffer {
  const writer = new Writer();
  if (name) writer.string(0o12, name);
  if (data?.length) writer.bytes(0o22, data);
  if (metadata) writeMap(writer, 0o32, metadata);
  return writer.finish();
}

/** Throws a `GrpcError` where the bytes are no such message; all bytes in it are views of `message`. */
export function decodeBindingEventResponse(message: Buffer): BindingEventResponse {
  const reader = new Reader(message);
  let storeName = '';
  const states: StateItem[] = [];
  const to: string[] = [];
  let data: Buffer | undefined;
  let concurrency = 0;
  for (let tag = reader.tag(); tag !== 0; tag = reader.tag()) {
    if (tag === 0o12) storeName = reader.string();
    else if (tag === 0o22) states.push(reader.message(readStateItem));
    else if (tag === 0o32) to.push(reader.string());
    else if (tag === 0o42) data = reader.bytes();
    else if (tag === 0o50) concurrency = reader.int32();
    else reader.skip(tag);
  }
  return { storeName, states, to, data: data ?? Buffer.alloc(0), concurrency };
}

/** What is left out has its default. */
export function encodeBindingEventResponse(message: Init<BindingEventResponse>): Buffer {
  const { storeName, states = [], to = [], data, concurrency } = message;
  const writer = new Writer();
  if (storeName) writer.string(0o12, storeName);
  for (const state of states) writer.message(0o22, writeStateItem, state);
  for (const name of to) writer.string(0o32, name);
  if (data?.length) writer.bytes(0o42, data);
  if (concurrency) writer.int32(0o50, concurrency);
  return writer.finish();
}

function readStateItem(reader: Reader): StateItem {
  let key = '';
  let value: Buffer | undefined;
  let etag: Etag | undefined;
  const metadata: Record<string, string> = {};
  let options: StateOptions | undefined;
  for (let tag = reader.tag(); tag !== 0; tag = reader.tag()) {
    if (tag === 0o12) key = reader.string();
    else if (tag === 0o22) value = reader.bytes();
    else if (tag === 0o32) etag = reader.message(readEtag);
    else if (tag === 0o42) reader.entry(metadata, readEntry);
    else if (tag === 0o52) options = reader.message(readStateOptions);
    else reader.skip(tag);
  }
  return { key, value: value ?? Buffer.alloc(0), etag, metadata, options };
}

function writeStateItem(writer: Writer, { key, value, etag, metadata, options }: Init<StateItem>): void {
  if (key) writer.string(0o12, key);
  if (value?.length) writer.bytes(0o22, value);
  if (etag) writer.message(0o32, writeEtag, etag);
  if (metadata) writeMap(writer, 0o42, metadata);
  if (options) writer.message(0o52, writeStateOptions, options);
}

function readEtag(reader: Reader): Etag {
  let value = '';
  for (let tag = reader.tag(); tag !== 0; tag = reader.tag()) {
    if (tag === 0o12) value = reader.string();
    else reader.skip(tag);
  }
  return { value };
}

function writeEtag(writer: Writer, { value }: Init<Etag>): void {
  if (value) writer.string(0o12, value);
}

function readStateOptions(reader: Reader): StateOptions {
  let concurrency = 0;
  let consistency = 0;
  for (let tag = reader.tag(); tag !== 0; tag = reader.tag()) {
    if (tag === 0o10) concurrency = reader.int32();
    else if (tag === 0o20) consistency = reader.int32();
    else reader.skip(tag);
  }
  return { concurrency, consistency };
}

function writeStateOptions(writer: Writer, { concurrency, consistency }: Init<StateOptions>): void {
  if (concurrency) writer.int32(0o10, concurrency);
  if (consistency) writer.int32(0o20, consistency);
}
