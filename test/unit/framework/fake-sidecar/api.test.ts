import { expect, onTestFinished, test } from 'vitest';
import { startFakeSidecar, type FakeSidecarOptions } from '../../../../src/framework/testing.ts';
import { makeClient, type Call } from '../../../support/http-call.ts';

async function start(options: FakeSidecarOptions = {}) {
  const sidecar = await startFakeSidecar(options);
  onTestFinished(() => sidecar.close());
  const request = makeClient(sidecar.httpPort);
  const call = async (line: string, body?: unknown, headers: Call['headers'] = {}) => {
    const [method = 'GET', path = '/'] = line.split(' ', 2);
    const type = { 'content-type': 'application/json' };
    const sent = body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) };
    const answer = await request({ method, path, headers: { ...type, ...headers }, ...sent });
    return [answer.status, answer.body === '' ? '' : JSON.parse(answer.body)] as const;
  };
  return { sidecar, call, request };
}

const components = [
  { name: 'events', type: 'pubsub.redis' },
  { name: 'store', type: 'state.redis' },
  { name: 'mail', type: 'bindings.smtp' },
];

test('what is not there is refused in the words of Dapr', async () => {
  const { call } = await start({ components, secrets: { vault: {} } });
  const answers: Record<string, unknown> = {};
  for (const line of [
    'POST /v1.0/publish/nothing/a',
    'POST /v1.0/publish/events',
    'POST /v1.0/publish/events/',
    'POST /v1.0/bindings/nothing',
    'GET /v1.0/state/nothing/a',
    'POST /v1.0/state/store',
    'GET /v1.0/state/store/a%7C%7Cb',
    'GET /v1.0/secrets/nothing/a',
    'GET /v1.0/secrets/vault/a',
    'POST /v1.0/invoke/nobody/method/a',
    'GET /v1.0/healthz',
    'GET /v1.0/healthz/outbound',
    'GET /v1.0/nothing',
  ]) {
    const isBinding = line.includes('bindings');
    answers[line] = await call(line, line.startsWith('GET') ? undefined : isBinding ? { operation: 'create' } : {});
  }
  expect(answers).toMatchInlineSnapshot(`
    {
      "GET /v1.0/healthz": [
        500,
        {
          "errorCode": "ERR_HEALTH_NOT_READY",
          "message": "dapr is not ready: [app]",
        },
      ],
      "GET /v1.0/healthz/outbound": [
        204,
        "",
      ],
      "GET /v1.0/nothing": [
        404,
        {
          "errorCode": "ERR_DIRECT_INVOKE",
          "message": "failed getting app id either from the URL path or the header dapr-app-id",
        },
      ],
      "GET /v1.0/secrets/nothing/a": [
        401,
        {
          "errorCode": "ERR_SECRET_STORE_NOT_FOUND",
          "message": "failed finding secret store with key nothing",
        },
      ],
      "GET /v1.0/secrets/vault/a": [
        500,
        {
          "errorCode": "ERR_SECRET_GET",
          "message": "failed getting secret with key a from secret store vault: secret a not found",
        },
      ],
      "GET /v1.0/state/nothing/a": [
        400,
        {
          "errorCode": "ERR_STATE_STORE_NOT_FOUND",
          "message": "state store nothing is not found",
        },
      ],
      "GET /v1.0/state/store/a%7C%7Cb": [
        400,
        {
          "errorCode": "ERR_MALFORMED_REQUEST",
          "message": "api error: code = InvalidArgument desc = input key/keyPrefix 'a||b' can't contain '||'",
        },
      ],
      "POST /v1.0/bindings/nothing": [
        500,
        {
          "errorCode": "ERR_INVOKE_OUTPUT_BINDING",
          "message": "error invoking output binding nothing: couldn't find output binding nothing",
        },
      ],
      "POST /v1.0/invoke/nobody/method/a": [
        500,
        {
          "errorCode": "ERR_DIRECT_INVOKE",
          "message": "failed to invoke, id: nobody, err: failed to resolve address for 'nobody': no such app is attached to the fake sidecar",
        },
      ],
      "POST /v1.0/publish/events": [
        404,
        {
          "errorCode": "ERR_DIRECT_INVOKE",
          "message": "failed getting app id either from the URL path or the header dapr-app-id",
        },
      ],
      "POST /v1.0/publish/events/": [
        404,
        {
          "errorCode": "ERR_TOPIC_NAME_EMPTY",
          "message": "topic is empty in pubsub events",
        },
      ],
      "POST /v1.0/publish/nothing/a": [
        404,
        {
          "errorCode": "ERR_PUBSUB_NOT_FOUND",
          "message": "pubsub nothing is not found",
        },
      ],
      "POST /v1.0/state/store": [
        400,
        {
          "errorCode": "ERR_MALFORMED_REQUEST",
          "message": "it is no list",
        },
      ],
    }
  `);
});

test('a sidecar without stores says so', async () => {
  const { call } = await start();
  expect(await call('GET /v1.0/state/store/a')).toMatchObject([500, { errorCode: 'ERR_STATE_STORE_NOT_CONFIGURED' }]);
  expect(await call('GET /v1.0/secrets/a/b')).toMatchObject([500, { errorCode: 'ERR_SECRET_STORES_NOT_CONFIGURED' }]);
});

test('an operation of a binding is needed, and its body is JSON', async () => {
  const { call } = await start({ components });
  const message = 'error invoking output binding mail: operation field is missing from request';
  expect(await call('POST /v1.0/bindings/mail', {})).toEqual([
    500,
    { errorCode: 'ERR_INVOKE_OUTPUT_BINDING', message },
  ]);
  expect(await call('POST /v1.0/bindings/mail', '{')).toMatchObject([400, { errorCode: 'ERR_MALFORMED_REQUEST' }]);
});

test('states have etags', async () => {
  const { call, request } = await start({ components });
  const save = (...items: object[]) => call('POST /v1.0/state/store', items);
  const first = { concurrency: 'first-write' };
  expect(await save({ key: 'a', value: { n: 1 } })).toEqual([204, '']);
  expect(await request('/v1.0/state/store/a')).toMatchObject({ status: 200, body: '{"n":1}', headers: { etag: '1' } });
  expect(await save({ key: 'a', value: 2, etag: '1' })).toEqual([204, '']);
  expect(await save({ key: 'a', value: 3, etag: '1' })).toEqual([
    409,
    {
      errorCode: 'ERR_STATE_SAVE',
      message:
        'failed saving state in state store store: possible etag mismatch. error from state store: state etag not match for key=a: current=2, expect=1',
    },
  ]);
  expect(await save({ key: 'a', value: 3, options: first })).toMatchObject([409, {}]);
  expect(await save({ key: 'b', value: null, options: first }, { key: 'c', value: 'text', etag: '9' })).toMatchObject([
    409,
    {},
  ]);
  expect(await call('GET /v1.0/state/store/b')).toEqual([200, null]);
  expect(await call('GET /v1.0/state/store/c')).toEqual([204, '']);
  expect(await call('DELETE /v1.0/state/store/a', undefined, { 'if-match': '1' })).toMatchObject([
    409,
    { errorCode: 'ERR_STATE_DELETE' },
  ]);
  expect(await call('DELETE /v1.0/state/store/a', undefined, { 'if-match': '2' })).toEqual([204, '']);
  expect(await call('POST /v1.0/state/store/bulk', { keys: ['a', 'b'] })).toEqual([
    200,
    [{ key: 'a' }, { key: 'b', data: null, etag: '1' }],
  ]);
});

test('a state ends when its time is up', async () => {
  const { call, sidecar } = await start({ components });
  await call('POST /v1.0/state/store', [{ key: 'a', value: 1, metadata: { ttlInSeconds: '100' } }]);
  await call('POST /v1.0/state/store?metadata.ttlInSeconds=0.001', [{ key: 'b', value: 1 }]);
  await expect.poll(() => sidecar.state('store').keys()).toEqual(['a']);
});

test('transactions are all or nothing', async () => {
  const { call, sidecar } = await start({ components });
  const transact = (...operations: object[]) => call('POST /v1.0/state/store/transaction', { operations });
  const upsert = (request: object) => ({ operation: 'upsert', request });
  expect(await transact(upsert({ key: 'a', value: 1 }), upsert({ key: 'b', value: 2 }))).toEqual([204, '']);
  const failing = [upsert({ key: 'a', value: 5 }), { operation: 'delete', request: { key: 'b', etag: '7' } }];
  expect(await transact(...failing)).toMatchObject([500, { errorCode: 'ERR_STATE_TRANSACTION' }]);
  expect(await transact({ operation: 'move', request: { key: 'a' } })).toMatchObject([
    400,
    { errorCode: 'ERR_NOT_SUPPORTED_STATE_OPERATION', message: 'operation type move not supported' },
  ]);
  expect(sidecar.state('store').get('a')).toBe(1);
  expect(await transact({ operation: 'delete', request: { key: 'b', etag: '1' } })).toEqual([204, '']);
  expect(sidecar.state('store').keys()).toEqual(['a']);
});

test('queries filter, sort and page', async () => {
  const { call, sidecar } = await start({ components });
  const people = [
    { name: 'Ann', state: 'CA', org: { id: 1 } },
    { name: 'Bob', state: 'WA', org: { id: 2 } },
    { name: 'Cid', state: 'CA', org: { id: 3 } },
    { name: 'Dee', state: 'NY', org: { id: 10 } },
  ];
  for (const person of people) sidecar.state('store').set(person.name, person);
  const names = async (query: object) => {
    const [status, body] = await call('POST /v1.0-alpha1/state/store/query', query);
    if (status !== 200) return status;
    const found = body.results.map(({ key }: { key: string }) => key).join(' ');
    return body.token === undefined ? found : `${found} | ${body.token}`;
  };
  expect(await names({})).toBe('Ann Bob Cid Dee');
  expect(await names({ filter: { EQ: { state: 'CA' } } })).toBe('Ann Cid');
  expect(await names({ filter: { NEQ: { state: 'CA' } } })).toBe('Bob Dee');
  expect(await names({ filter: { IN: { state: ['NY', 'WA'] } }, sort: [{ key: 'name', order: 'DESC' }] })).toBe(
    'Dee Bob',
  );
  const both = [{ EQ: { state: 'CA' } }, { GT: { 'org.id': 2 } }];
  expect(await names({ filter: { AND: both } })).toBe('Cid');
  expect(await names({ filter: { OR: both } })).toBe('Ann Cid Dee');
  expect(await names({ sort: [{ key: 'org.id' }], page: { limit: 3 } })).toBe('Ann Bob Cid | 3');
  expect(await names({ sort: [{ key: 'org.id' }], page: { limit: 3, token: '3' } })).toBe('Dee | 4');
  expect(await names({ filter: { EQ: { state: 'ZZ' } } })).toBe(204);
  expect(await call('POST /v1.0-alpha1/state/store/query', { filter: { LIKE: { a: 1 } } })).toEqual([
    500,
    { errorCode: 'ERR_STATE_QUERY', message: 'state store store query failed: unsupported filter "LIKE"' },
  ]);
});

test('what is published gets an envelope', async () => {
  const { call, sidecar } = await start({ components, appId: 'me' });
  const event = { specversion: '1.0', id: '7', source: 's', type: 't', data: 'own', traceid: 'mine' };
  const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
  const publish = (body: unknown, type: string, query = '') =>
    call(`POST /v1.0/publish/events/a/b${query}`, body, { 'content-type': type, traceparent });
  expect(await publish({ n: 1 }, 'application/json; charset=utf-8')).toEqual([204, '']);
  await publish('text', 'text/plain');
  await publish('{', 'application/json');
  await publish('bytes', 'application/octet-stream');
  await publish(event, 'application/cloudevents+json');
  await publish('raw', 'text/plain', '?metadata.rawPayload=true');
  await publish('x', 'text/plain', '?metadata.cloudevent.id=8&metadata.cloudevent.source=me2');
  expect(await publish('no', 'application/cloudevents+json')).toMatchObject([
    500,
    { message: 'cannot create cloudevent' },
  ]);
  expect(sidecar.published.map(({ data }) => data)).toEqual([
    { n: 1 },
    'text',
    '{',
    Buffer.from('bytes'),
    'own',
    Buffer.from('raw'),
    'x',
  ]);
  const [json, , , , own, raw, named] = sidecar.published;
  expect(json).toEqual({
    pubsub: 'events',
    topic: 'a/b',
    data: { n: 1 },
    event: {
      id: expect.stringMatching(/^[\da-f-]{36}$/),
      specversion: '1.0',
      datacontenttype: 'application/json; charset=utf-8',
      source: 'me',
      type: 'com.dapr.event.sent',
      topic: 'a/b',
      pubsubname: 'events',
      traceid: expect.stringMatching(/^00-0af7651916cd43dd8448eb211c80319c-[\da-f]{16}-01$/),
      traceparent: expect.stringMatching(/^00-0af7651916cd43dd8448eb211c80319c-[\da-f]{16}-01$/),
      tracestate: '',
      time: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/),
      data: { n: 1 },
    },
  });
  expect(own?.event).toMatchObject({ ...event, topic: 'a/b', pubsubname: 'events' });
  expect(raw?.event).toBeUndefined();
  expect(named?.event).toMatchObject({ id: '8', source: 'me2' });
});

test('several messages in one call', async () => {
  const { call, sidecar } = await start({ components });
  const entries = [
    { entryId: '1', event: { n: 1 }, contentType: 'application/json' },
    { entryId: '2', event: Buffer.from('bytes').toString('base64'), contentType: 'application/octet-stream' },
    { entryId: '3', event: 'text', contentType: 'text/plain', metadata: { 'cloudevent.type': 'mine' } },
  ];
  expect(await call('POST /v1.0-alpha1/publish/bulk/events/a', entries)).toEqual([204, '']);
  expect(sidecar.published.map(({ data }) => data)).toEqual([{ n: 1 }, Buffer.from('bytes'), 'text']);
  expect(sidecar.published[2]?.event).toMatchObject({ type: 'mine' });
  for (const wrong of [{}, [{ event: 1 }], [entries[0], entries[0]]]) {
    const answer = await call('POST /v1.0-alpha1/publish/bulk/events/a', wrong);
    expect(answer).toMatchObject([400, { errorCode: 'ERR_PUBSUB_EVENTS_SER' }]);
  }
});

test('secrets, metadata and tokens', async () => {
  const { call, request } = await start({ components, secrets: { vault: { a: '1', b: '2' } }, apiToken: 'secret' });
  const token = { 'dapr-api-token': 'secret' };
  expect(await call('GET /v1.0/secrets/vault/a', undefined, token)).toEqual([200, { a: '1' }]);
  expect(await call('GET /v1.0/secrets/vault/bulk', undefined, token)).toEqual([200, { a: { a: '1' }, b: { b: '2' } }]);
  expect(await call('PUT /v1.0/metadata/own', 'value', token)).toEqual([204, '']);
  expect(await call('GET /v1.0/metadata', undefined, token)).toMatchObject([
    200,
    {
      id: 'app',
      extended: { own: 'value' },
      components: expect.arrayContaining([{ name: 'vault', type: 'secretstores.fake', version: 'v1' }]),
    },
  ]);
  expect(await request('/v1.0/metadata')).toMatchObject({ status: 401, body: 'invalid api token\n' });
  expect(await request('/v1.0/healthz/outbound')).toMatchObject({ status: 204 });
});
