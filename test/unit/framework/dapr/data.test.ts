import { expect, test } from 'vitest';
import { decodeBytes } from '../../../../src/framework/dapr/answer.ts';
import { BindingMessage } from '../../../../src/framework/dapr/binding-message.ts';
import { TopicMessage } from '../../../../src/framework/dapr/topic-message.ts';

const base64 = (bytes: string | Uint8Array): string => Buffer.from(bytes).toString('base64');
const ofBinding = (bytes: string | Uint8Array) =>
  new BindingMessage('in', { name: 'cron', data: Buffer.from(bytes), metadata: {} });
const ofTopic = (event: Record<string, unknown>) =>
  new TopicMessage('in', { specversion: '1.0', id: '1', source: 's', type: 'com.dapr.event.sent', ...event });

const DECODED: [string, string | Uint8Array, unknown][] = [
  ['a table', '{"a":[1]}', { a: [1] }],
  ['a list', ' [1]', [1]],
  ['a text in JSON', '"x"', 'x'],
  ['zero', '0', 0],
  ['a negative number', '-1.5', -1.5],
  ['false', 'false', false],
  ['null', 'null', null],
  ['text', 'plain é', 'plain é'],
  ['text that begins like JSON', 'nothing', 'nothing'],
  ['broken JSON', '{"a":', '{"a":'],
  ['JSON after a byte order mark', '\u{FEFF}{}', '\u{FEFF}{}'],
  ['text with the character for broken ones', 'a\u{FFFD}b', 'a\u{FFFD}b'],
  ['bytes', Buffer.from([0xff, 0xfe, 0]), Buffer.from([0xff, 0xfe, 0])],
  ['bytes that would be JSON', Buffer.from('"\xFF"', 'latin1'), Buffer.from('"\xFF"', 'latin1')],
  ['a character that is cut off', Buffer.from('é').subarray(0, 1), Buffer.from([0xc3])],
];

test.each(DECODED)('bytes without a type: %s', (_, bytes, value) => {
  expect(decodeBytes(Buffer.from(bytes))).toEqual(value);
});

test.each(DECODED)('of a binding: %s', (_, bytes, value) => {
  expect(ofBinding(bytes).data).toEqual(value);
});

test('of a binding that has no bytes', () => {
  expect(ofBinding('').data).toEqual({});
});

test.each([0, false, '', null, 'x', '{"a":1}', { a: 1 }, [], 5])('data %j of a topic stays as it is', (data) => {
  expect(ofTopic({ data }).data).toEqual(data);
});

test('data wins over data in base64', () => {
  expect(ofTopic({ data: null, data_base64: base64('x') }).data).toBe(null);
});

test('a topic without data', () => {
  expect(ofTopic({}).data).toBe(undefined);
});

test.each<[string, string | undefined, string | Uint8Array, unknown]>([
  ['JSON', 'application/json', '{"a":1}', { a: 1 }],
  ['JSON with a charset', 'application/json; charset=utf-8', '0', 0],
  ['JSON by its suffix', 'application/vnd.x+json', '[1]', [1]],
  ['JSON of zero bytes', 'application/json', '', null],
  ['broken JSON', 'application/json', '{"a":', '{"a":'],
  ['bytes that are called JSON', 'application/json', Buffer.from([0xff]), Buffer.from([0xff])],
  ['text', 'text/plain', '5', '5'],
  ['text with a charset', 'Text/HTML; charset=utf-8', 'é', 'é'],
  ['XML', 'application/xml', '<a/>', '<a/>'],
  ['bytes', 'application/octet-stream', '{"a":1}', Buffer.from('{"a":1}')],
  ['bytes of any other type', 'image/png', 'x', Buffer.from('x')],
  ['zero bytes', 'application/octet-stream', '', Buffer.alloc(0)],
  ['JSON without a type', undefined, '{"a":1}', { a: 1 }],
  ['text without a type', undefined, 'x', 'x'],
  ['bytes without a type', undefined, Buffer.from([0xff]), Buffer.from([0xff])],
])('data in base64: %s', (_, datacontenttype, bytes, value) => {
  const message = ofTopic({
    data_base64: base64(bytes),
    ...(datacontenttype === undefined ? {} : { datacontenttype }),
  });
  expect(message.data).toEqual(value);
  expect(message.rawData).toEqual(Buffer.from(bytes));
});

test.each<[string, Record<string, unknown>, string]>([
  ['a table', { data: { a: 'é' } }, '{"a":"é"}'],
  ['a text', { data: 'x', datacontenttype: 'text/plain' }, 'x'],
  ['a text in JSON', { data: 'x', datacontenttype: 'application/json' }, '"x"'],
  ['null', { data: null }, 'null'],
  ['nothing', {}, ''],
])('the bytes of data that is %s', (_, event, bytes) => {
  expect(ofTopic(event).rawData.toString()).toBe(bytes);
});

test('the bytes of a binding', () => {
  expect(ofBinding('{"a": 1}').rawData.toString()).toBe('{"a": 1}');
});

test('what a function is told of a topic', () => {
  const message = ofTopic({
    datacontenttype: 'application/json',
    subject: 'sub',
    topic: 't',
    pubsubname: 'ps',
    data: { a: 1 },
    time: '2026-01-01T00:00:00Z',
    traceparent: '00-1',
    priority: 5,
    flag: true,
    odd: { toString: 1 },
  });
  expect(message.topicEvent).toEqual({
    id: '1',
    specVersion: '1.0',
    type: 'com.dapr.event.sent',
    source: 's',
    dataContentType: 'application/json',
    data: { a: 1 },
    rawData: Buffer.from('{"a":1}'),
    subject: 'sub',
    topic: 't',
    pubsubName: 'ps',
    metadata: { priority: '5', flag: 'true', odd: '{"toString":1}' },
  });
  expect([message.id, message.carrier('traceparent'), message.bindingEvent, message.inputName]).toEqual([
    '1',
    '00-1',
    undefined,
    'in',
  ]);
});

test('a CloudEvent of a topic is its envelope with decoded data', () => {
  const event = { specversion: '1.0', id: '1', source: 's', type: 'com.dapr.event.sent', data_base64: base64('[1]') };
  expect(ofTopic(event).cloudEvent).toEqual({ ...event, data: [1] });
});

test('a CloudEvent is made for a binding', () => {
  const { cloudEvent } = ofBinding('{"a":1}');
  const type = 'io.dapr.binding';
  expect(cloudEvent).toMatchObject({ specversion: '1.0', source: 'cron', type, datacontenttype: 'application/json' });
  expect([cloudEvent.data, typeof cloudEvent.id]).toEqual([{ a: 1 }, 'string']);
});

test('the same event is asked for twice and is the same', () => {
  const message = ofBinding('{"a":1}');
  expect(message.cloudEvent.id).toBe(message.cloudEvent.id);
});
