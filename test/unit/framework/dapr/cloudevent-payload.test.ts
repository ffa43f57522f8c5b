import { expect, test } from 'vitest';
import { payloadOf } from '../../../../src/framework/dapr/payload.ts';

const EVENT = { specversion: '1.0', id: '1', source: '/test', type: 'com.example.made' };

const sent = (event: object): unknown => JSON.parse(String(payloadOf({ ...EVENT, ...event }).body));

// The sidecar gives subscribers over gRPC no data of an event without this attribute.
test('a CloudEvent says that its data is JSON where it says nothing of it', () => {
  expect(sent({ data: { n: 1 } })).toEqual({ ...EVENT, datacontenttype: 'application/json', data: { n: 1 } });
});

test.each([
  { datacontenttype: 'text/plain', data: 'text' },
  { data_base64: 'AAE=', datacontenttype: 'image/png' },
  { data_base64: 'AAE=' },
  {},
])('any other CloudEvent is sent as it is: %j', (event) => {
  expect(sent(event)).toEqual({ ...EVENT, ...event });
});
