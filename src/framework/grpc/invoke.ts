import { Reader } from './reader.ts';
import { type Init, Writer } from './writer.ts';

/** https://github.com/protocolbuffers/protobuf/blob/main/src/google/protobuf/any.proto */
export interface Any {
  /** Empty where Dapr has plain bytes. */
  readonly typeUrl: string;
  readonly value: Buffer;
}

/** The verbs of HTTPExtension by their numbers. */
export const HTTP_VERBS = [
  'NONE',
  'GET',
  'HEAD',
  'POST',
  'PUT',
  'DELETE',
  'CONNECT',
  'OPTIONS',
  'TRACE',
  'PATCH',
] as const;

/** What a call was in HTTP: https://github.com/dapr/dapr/blob/v1.16.5/dapr/proto/common/v1/common.proto */
export interface HttpExtension {
  /** An index into `HTTP_VERBS`. */
  readonly verb: number;
  /** `name=value&name2=value2` */
  readonly querystring: string;
}

/** The call of a method of the app: https://github.com/dapr/dapr/blob/v1.16.5/dapr/proto/common/v1/common.proto */
export interface InvokeRequest {
  readonly method: string;
  readonly data: Any | undefined;
  readonly contentType: string;
  readonly httpExtension: HttpExtension | undefined;
}

/** What a method answers. */
export interface InvokeResponse {
  readonly data: Any | undefined;
  readonly contentType: string;
}

/**
 * A job that is due; its response has no fields:
 * https://github.com/dapr/dapr/blob/v1.16.5/dapr/proto/runtime/v1/appcallback.proto
 */
export interface JobEventRequest {
  readonly name: string;
  readonly data: Any | undefined;
  readonly method: string;
  readonly contentType: string;
  readonly httpExtension: HttpExtension | undefined;
}

/** Throws a `GrpcError` where the bytes are no such message; all bytes in it are views of `message`. */
export function decodeInvokeRequest(message: Buffer): InvokeRequest {
  const reader = new Reader(message);
  let method = '';
  let data: Any | undefined;
  let contentType = '';
  let httpExtension: HttpExtension | undefined;
  for (let tag = reader.tag(); tag !== 0; tag = reader.tag()) {
    if (tag === 0o12) method = reader.string();
    else if (tag === 0o22) data = reader.message(readAny);
    else if (tag === 0o32) contentType = reader.string();
    else if (tag === 0o42) httpExtension = reader.message(readHttpExtension);
    else reader.skip(tag);
  }
  return { method, data, contentType, httpExtension };
}

/** What is left out has its default. */
export function encodeInvokeRequest({ method, data, contentType, httpExtension }: Init<InvokeRequest>): Buffer {
  const writer = new Writer();
  if (method) writer.string(0o12, method);
  if (data) writer.message(0o22, writeAny, data);
  if (contentType) writer.string(0o32, contentType);
  if (httpExtension) writer.message(0o42, writeHttpExtension, httpExtension);
  return writer.finish();
}

/** Throws a `GrpcError` where the bytes are no such message; all bytes in it are views of `message`. */
export function decodeInvokeResponse(message: Buffer): InvokeResponse {
  const reader = new Reader(message);
  let data: Any | undefined;
  let contentType = '';
  for (let tag = reader.tag(); tag !== 0; tag = reader.tag()) {
    if (tag === 0o12) data = reader.message(readAny);
    else if (tag === 0o22) contentType = reader.string();
    else reader.skip(tag);
  }
  return { data, contentType };
}

/** What is left out has its default. */
export function encodeInvokeResponse({ data, contentType }: Init<InvokeResponse>): Buffer {
  const writer = new Writer();
  if (data) writer.message(0o12, writeAny, data);
  if (contentType) writer.string(0o22, contentType);
  return writer.finish();
}

/** Throws a `GrpcError` where the bytes are no such message; all bytes in it are views of `message`. */
export function decodeJobEventRequest(message: Buffer): JobEventRequest {
  const reader = new Reader(message);
  let name = '';
  let data: Any | undefined;
  let method = '';
  let contentType = '';
  let httpExtension: HttpExtension | undefined;
  for (let tag = reader.tag(); tag !== 0; tag = reader.tag()) {
    if (tag === 0o12) name = reader.string();
    else if (tag === 0o22) data = reader.message(readAny);
    else if (tag === 0o32) method = reader.string();
    else if (tag === 0o42) contentType = reader.string();
    else if (tag === 0o52) httpExtension = reader.message(readHttpExtension);
    else reader.skip(tag);
  }
  return { name, data, method, contentType, httpExtension };
}

/** What is left out has its default. */
export function encodeJobEventRequest(message: Init<JobEventRequest>): Buffer {
  const { name, data, method, contentType, httpExtension } = message;
  const writer = new Writer();
  if (name) writer.string(0o12, name);
  if (data) writer.message(0o22, writeAny, data);
  if (method) writer.string(0o32, method);
  if (contentType) writer.string(0o42, contentType);
  if (httpExtension) writer.message(0o52, writeHttpExtension, httpExtension);
  return writer.finish();
}

function readAny(reader: Reader): Any {
  let typeUrl = '';
  let value: Buffer | undefined;
  for (let tag = reader.tag(); tag !== 0; tag = reader.tag()) {
    if (tag === 0o12) typeUrl = reader.string();
    else if (tag === 0o22) value = reader.bytes();
    else reader.skip(tag);
  }
  return { typeUrl, value: value ?? Buffer.alloc(0) };
}

function writeAny(writer: Writer, { typeUrl, value }: Init<Any>): void {
  if (typeUrl) writer.string(0o12, typeUrl);
  if (value?.length) writer.bytes(0o22, value);
}

function readHttpExtension(reader: Reader): HttpExtension {
  let verb = 0;
  let querystring = '';
  for (let tag = reader.tag(); tag !== 0; tag = reader.tag()) {
    if (tag === 0o10) verb = reader.int32();
    else if (tag === 0o22) querystring = reader.string();
    else reader.skip(tag);
  }
  return { verb, querystring };
}

function writeHttpExtension(writer: Writer, { verb, querystring }: Init<HttpExtension>): void {
  if (verb) writer.int32(0o10, verb);
  if (querystring) writer.string(0o22, querystring);
}
