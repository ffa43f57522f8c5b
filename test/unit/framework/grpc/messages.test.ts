import fc from 'fast-check';
import protobuf from 'protobufjs';
import { describe, expect, test } from 'vitest';
import * as binding from '../../../../src/framework/grpc/binding.ts';
import * as invoke from '../../../../src/framework/grpc/invoke.ts';
import { APP_CALLBACK_METHODS } from '../../../../src/framework/grpc/methods.ts';
import { GrpcError } from '../../../../src/framework/grpc/status.ts';
import * as subscription from '../../../../src/framework/grpc/subscription.ts';
import * as bulk from '../../../../src/framework/grpc/topic-event-bulk.ts';
import * as topic from '../../../../src/framework/grpc/topic-event.ts';

const FIXTURES = new URL('../../../fixtures/dapr/', import.meta.url);

/** The definitions of Dapr, as protobufjs reads them: an implementation that shares nothing with ours. */
const root = new protobuf.Root();
root.resolvePath = (_, target) =>
  target.startsWith('google/') ? target : new URL(target.replace(/^.*\//, ''), FIXTURES).pathname;
root.loadSync('appcallback.proto').resolveAll();

const text = fc.oneof(fc.string(), fc.string({ unit: 'grapheme', maxLength: 200 }));
const bytes = fc.uint8Array({ maxLength: 300 }).map((all) => Buffer.from(all));
const int32 = fc.oneof(fc.integer(), fc.constantFrom(0, -1, 127, 128, 2 ** 31 - 1, -(2 ** 31)));
const map = fc.dictionary(text, text, { maxKeys: 4 });
const maybe = <T>(one: fc.Arbitrary<T>) => fc.option(one, { nil: undefined });
const json = fc.jsonValue().map((one): unknown => JSON.parse(JSON.stringify(one)));
const struct = fc.dictionary(fc.oneof(text, fc.constant('__proto__')), json, { maxKeys: 4, noNullPrototype: true });
const any = fc.record({ typeUrl: text, value: bytes });
const httpExtension = fc.record({ verb: fc.nat({ max: 9 }), querystring: text });
const cloudEvent = fc.record({
  id: text,
  source: text,
  type: text,
  specVersion: text,
  dataContentType: text,
  data: bytes,
  extensions: struct,
});
const entry = fc.record({ entryId: text, contentType: text, metadata: map });
const event = fc.oneof(
  fc.record({ bytes, cloudEvent: fc.constant(undefined) }),
  fc.record({ bytes: fc.constant(undefined), cloudEvent }),
  fc.constant({ bytes: undefined, cloudEvent: undefined }),
);

/** A message with everything that is known about it. */
interface Case<T> {
  readonly type: string;
  readonly arbitrary: fc.Arbitrary<T>;
  readonly encode: (message: T) => Buffer;
  readonly decode: (bytes: Buffer) => T;
}

/** A message in the names of protobufjs, with a Struct as the messages that it is made of. */
function toTheirs(message: unknown): unknown {
  if (Buffer.isBuffer(message) || typeof message !== 'object' || message === null) return message;
  if (Array.isArray(message)) return message.map(toTheirs);
  const entries = Object.entries(message).filter(([, value]) => value !== undefined);
  return Object.fromEntries(
    entries.map(([key, value]) => {
      if (key === 'extensions' && 'specVersion' in message) return [key, toStruct(Object(value))];
      return [key === 'typeUrl' ? 'type_url' : key, toTheirs(value)];
    }),
  );
}

function toStruct(table: object): object {
  return { fields: Object.fromEntries(Object.entries(table).map(([key, value]) => [key, toValue(value)])) };
}

function toValue(value: unknown): object {
  if (typeof value === 'string') return { stringValue: value };
  if (typeof value === 'number') return { numberValue: value };
  if (typeof value === 'boolean') return { boolValue: value };
  if (Array.isArray(value)) return { listValue: { values: value.map(toValue) } };
  return typeof value === 'object' && value !== null ? { structValue: toStruct(value) } : { nullValue: 0 };
}

function describeMessage<T>({ type, arbitrary, encode, decode }: Case<T>): void {
  describe(`message ${type}`, () => {
    const reference = root.lookupType(`dapr.proto.${type}`);

    test('survives being written and read', () => {
      fc.assert(
        fc.property(arbitrary, (message) => {
          expect(decode(encode(message))).toEqual(message);
        }),
      );
    });

    test('is read by protobufjs as it was written, and the other way round', () => {
      const read = (bytes: Uint8Array) => reference.toObject(reference.decode(bytes), { defaults: true });
      const property = fc.property(arbitrary, (message) => {
        // protobufjs drops this key.
        fc.pre(!JSON.stringify(message).includes('__proto__'));
        const theirs = reference.encode(reference.fromObject(Object(toTheirs(message)))).finish();
        expect(decode(Buffer.from(theirs))).toEqual(message);
        expect(read(encode(message))).toEqual(read(theirs));
      });
      fc.assert(property);
    });

    test('cut or with a changed byte is a value or a coded error', () => {
      const property = fc.property(arbitrary, fc.nat(), fc.nat({ max: 255 }), (message, place, byte) => {
        const bytes = encode(message);
        const at = bytes.length === 0 ? 0 : place % bytes.length;
        expect(failureOf(() => decode(bytes.subarray(0, at)))).toBeOneOf([undefined, 13]);
        const changed = Buffer.from(bytes);
        changed[at] = byte;
        expect(failureOf(() => decode(changed))).toBeOneOf([undefined, 13]);
      });
      fc.assert(property, { numRuns: 300 });
    });

    test('read from noise is a value or a coded error', () => {
      fc.assert(
        fc.property(fc.uint8Array({ maxLength: 200 }), (noise) => {
          expect(failureOf(() => decode(Buffer.from(noise)))).toBeOneOf([undefined, 13]);
        }),
        { numRuns: 1000 },
      );
    });

    test('has fields in the future', () => {
      const more = Buffer.from([
        0xf8, 0x7f, 0x96, 0x01, 0xf9, 0x7f, 1, 2, 3, 4, 5, 6, 7, 8, 0xfa, 0x7f, 1, 9, 0xfd, 0x7f,
      ]);
      const unknown = Buffer.concat([more, Buffer.from([1, 2, 3, 4])]);
      fc.assert(
        fc.property(arbitrary, (message) => {
          expect(decode(Buffer.concat([unknown, encode(message), unknown]))).toEqual(message);
        }),
      );
    });
  });
}

describeMessage<topic.TopicEventRequest>({
  type: 'runtime.v1.TopicEventRequest',
  arbitrary: fc
    .tuple(cloudEvent, fc.record({ topic: text, pubsubName: text, path: text }))
    .map(([one, more]) => Object.assign(one, more)),
  encode: topic.encodeTopicEventRequest,
  decode: topic.decodeTopicEventRequest,
});

describeMessage<topic.TopicEventResponse>({
  type: 'runtime.v1.TopicEventResponse',
  arbitrary: fc.record({ status: int32 }),
  encode: topic.encodeTopicEventResponse,
  decode: topic.decodeTopicEventResponse,
});
describeMessage<bulk.TopicEventBulkRequest>({
  type: 'runtime.v1.TopicEventBulkRequest',
  arbitrary: fc.record({
    id: text,
    entries: fc.array(
      fc.tuple(entry, event).map(([one, more]) => Object.assign(one, more)),
      { maxLength: 4 },
    ),
    metadata: map,
    topic: text,
    pubsubName: text,
    type: text,
    path: text,
  }),
  encode: bulk.encodeTopicEventBulkRequest,
  decode: bulk.decodeTopicEventBulkRequest,
});
describeMessage<bulk.TopicEventBulkResponse>({
  type: 'runtime.v1.TopicEventBulkResponse',
  arbitrary: fc.record({ statuses: fc.array(fc.record({ entryId: text, status: int32 })) }),
  encode: bulk.encodeTopicEventBulkResponse,
  decode: bulk.decodeTopicEventBulkResponse,
});
describeMessage<subscription.ListTopicSubscriptionsResponse>({
  type: 'runtime.v1.ListTopicSubscriptionsResponse',
  arbitrary: fc.record({
    subscriptions: fc.array(
      fc.record({
        pubsubName: text,
        topic: text,
        metadata: map,
        routes: maybe(fc.record({ rules: fc.array(fc.record({ match: text, path: text })), default: text })),
        deadLetterTopic: text,
        bulkSubscribe: maybe(fc.record({ enabled: fc.boolean(), maxMessagesCount: int32, maxAwaitDurationMs: int32 })),
      }),
      { maxLength: 4 },
    ),
  }),
  encode: subscription.encodeListTopicSubscriptionsResponse,
  decode: subscription.decodeListTopicSubscriptionsResponse,
});
describeMessage<binding.ListInputBindingsResponse>({
  type: 'runtime.v1.ListInputBindingsResponse',
  arbitrary: fc.record({ bindings: fc.array(text) }),
  encode: binding.encodeListInputBindingsResponse,
  decode: binding.decodeListInputBindingsResponse,
});
describeMessage<binding.BindingEventRequest>({
  type: 'runtime.v1.BindingEventRequest',
  arbitrary: fc.record({ name: text, data: bytes, metadata: map }),
  encode: binding.encodeBindingEventRequest,
  decode: binding.decodeBindingEventRequest,
});
describeMessage<binding.BindingEventResponse>({
  type: 'runtime.v1.BindingEventResponse',
  arbitrary: fc.record({
    storeName: text,
    states: fc.array(
      fc.record({
        key: text,
        value: bytes,
        etag: maybe(fc.record({ value: text })),
        metadata: map,
        options: maybe(fc.record({ concurrency: fc.nat({ max: 2 }), consistency: fc.nat({ max: 2 }) })),
      }),
      { maxLength: 4 },
    ),
    to: fc.array(text),
    data: bytes,
    concurrency: fc.nat({ max: 1 }),
  }),
  encode: binding.encodeBindingEventResponse,
  decode: binding.decodeBindingEventResponse,
});
describeMessage<invoke.InvokeRequest>({
  type: 'common.v1.InvokeRequest',
  arbitrary: fc.record({
    method: text,
    data: maybe(any),
    contentType: text,
    httpExtension: maybe(httpExtension),
  }),
  encode: invoke.encodeInvokeRequest,
  decode: invoke.decodeInvokeRequest,
});
describeMessage<invoke.InvokeResponse>({
  type: 'common.v1.InvokeResponse',
  arbitrary: fc.record({ data: maybe(any), contentType: text }),
  encode: invoke.encodeInvokeResponse,
  decode: invoke.decodeInvokeResponse,
});
describeMessage<invoke.JobEventRequest>({
  type: 'runtime.v1.JobEventRequest',
  arbitrary: fc.record({
    name: text,
    data: maybe(any),
    method: text,
    contentType: text,
    httpExtension: maybe(httpExtension),
  }),
  encode: invoke.encodeJobEventRequest,
  decode: invoke.decodeJobEventRequest,
});

test('a message that is larger than all in it were expected to be', () => {
  const value = Buffer.alloc(3_000_000, 'x');
  const encoded = invoke.encodeInvokeResponse({ data: { value }, contentType: 'x'.repeat(20_000) });
  const { data, contentType } = invoke.decodeInvokeResponse(encoded);
  expect(data?.value.equals(value)).toBe(true);
  expect(contentType).toHaveLength(20_000);
});

test('there is a message for every method of the services', () => {
  const services = ['AppCallback', 'AppCallbackHealthCheck', 'AppCallbackAlpha'];
  const paths = services.flatMap((name) => {
    const service = root.lookupService(`dapr.proto.runtime.v1.${name}`);
    return service.methodsArray.map((method) => `/dapr.proto.runtime.v1.${name}/${method.name}`);
  });
  const { onBulkTopicEventStable: _, ...served } = APP_CALLBACK_METHODS;
  expect(Object.values(served).sort()).toEqual(paths.sort());
});

test.each([
  ['common.v1.HTTPExtension.Verb', Object.fromEntries(invoke.HTTP_VERBS.map((verb, index) => [verb, index]))],
  ['runtime.v1.TopicEventResponse.TopicEventResponseStatus', topic.TOPIC_EVENT_STATUS],
  ['runtime.v1.BindingEventResponse.BindingEventConcurrency', binding.BINDING_CONCURRENCY],
])('%s has its values', (name, values) => {
  expect(root.lookupEnum(`dapr.proto.${name}`).values).toEqual(values);
});

test('bytes are views, and nothing is shared with what is written', () => {
  const encoded = topic.encodeTopicEventRequest({ data: Buffer.from('data') });
  const { data } = topic.decodeTopicEventRequest(encoded);
  expect(data.toString()).toBe('data');
  expect(data.buffer).toBe(encoded.buffer);
});

test('a key like __proto__ is a key', () => {
  const extensions: object = JSON.parse('{"__proto__":{"polluted":true},"a":{"__proto__":1}}');
  const decoded = topic.decodeTopicEventRequest(topic.encodeTopicEventRequest({ extensions: { ...extensions } }));
  expect(JSON.stringify(decoded.extensions)).toBe(JSON.stringify(extensions));
  expect(decoded.extensions).not.toHaveProperty('polluted');
});

test('a Struct has null where JSON has, and leaves out what JSON leaves out', () => {
  const extensions = { none: undefined, list: [undefined, null], nested: { none: undefined } };
  const decoded = topic.decodeTopicEventRequest(topic.encodeTopicEventRequest({ extensions }));
  expect(decoded.extensions).toEqual({ list: [null, null], nested: {} });
});

describe('depth', () => {
  const nest = (levels: number): object => {
    let inner: object = {};
    for (let level = 0; level < levels; level++) inner = { a: inner };
    return { extensions: inner };
  };

  test('a hundred levels of JSON or so survive', () => {
    const deep = nest(90);
    expect(topic.decodeTopicEventRequest(topic.encodeTopicEventRequest(deep))).toMatchObject(deep);
  });

  test('more is a coded error, read or written', () => {
    expect(() => topic.encodeTopicEventRequest(nest(101))).toThrow('a message lies more than 300 levels deep');
    const cycle: Record<string, unknown> = {};
    cycle['cycle'] = cycle;
    expect(() => topic.encodeTopicEventRequest({ extensions: cycle })).toThrow(GrpcError);
    // Lists in lists, of which each has the bytes of the one in it.
    let bytes = Buffer.alloc(0);
    const wrap = (tag: number) => {
      const length = [];
      for (let rest = bytes.length; ; rest >>>= 7) {
        length.push(rest >= 0x80 ? (rest & 0x7f) | 0x80 : rest);
        if (rest < 0x80) break;
      }
      bytes = Buffer.concat([Buffer.from([tag, ...length]), bytes]);
    };
    for (let level = 0; level < 10_000; level++) {
      wrap(0o12);
      wrap(0o62);
    }
    for (const tag of [0o22, 0o12, 0o122]) wrap(tag);
    expect(() => topic.decodeTopicEventRequest(bytes)).toThrow('a message lies more than 300 levels deep');
  });
});

test.each([
  ['a length beyond the end', [0o12, 5, 1], 'malformed message: it ends too early'],
  ['a length beyond all numbers', [0o12, ...Array<number>(9).fill(0xff), 1], 'malformed message: it ends too early'],
  ['a length beyond the message it is in', [0o122, 2, 0o12, 9, 1, 1], 'malformed message: it ends too early'],
  ['a varint without an end', [0o12, 0x80], 'malformed message: it ends too early'],
  ['a varint of eleven bytes', [0o10, ...Array<number>(11).fill(0xff)], 'malformed message: a varint has more'],
  ['field 0', [0o02, 0], 'malformed message: a field has no possible number'],
  ['a field beyond 29 bits', [0xff, 0xff, 0xff, 0xff, 0x1f, 0], 'malformed message: a field has no possible number'],
  ['a group', [0o13, 0o14], 'malformed message: wire type 3 is not served'],
  ['wire type 7', [0o17], 'malformed message: wire type 7 is not served'],
  ['half an eight-byte field', [0o11, 1, 2, 3, 4], 'malformed message: it ends too early'],
])('%s is a coded error', (_, bytes, message) => {
  expect(() => topic.decodeTopicEventRequest(Buffer.from(bytes))).toThrow(message);
});

test('a field of another wire type is unknown, and the last of many counts', () => {
  const bytes = Buffer.from([0o10, 1, 0o12, 1, 0x61, 0o12, 1, 0x62]);
  expect(topic.decodeTopicEventRequest(bytes).id).toBe('b');
});

test('bytes that are not UTF-8 are replaced in texts', () => {
  expect(topic.decodeTopicEventRequest(Buffer.from([0o12, 2, 0xff, 0x61])).id).toBe('\uFFFDa');
});

test('a bool is true by any of 64 bits', () => {
  const bytes = Buffer.from([0o12, 8, 0o72, 6, 0o10, 0x80, 0x80, 0x80, 0x80, 0x10]);
  const { subscriptions } = subscription.decodeListTopicSubscriptionsResponse(bytes);
  expect(subscriptions[0]?.bulkSubscribe?.enabled).toBe(true);
});

/** The status that something fails with. */
function failureOf(act: () => unknown): unknown {
  try {
    act();
    return undefined;
  } catch (error) {
    return error instanceof GrpcError ? error.status : error;
  }
}
