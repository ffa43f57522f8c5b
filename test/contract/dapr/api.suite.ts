import { expect, test } from 'vitest';
import { startCase } from './app.ts';
import type { Engine, Protocol } from './engine.ts';

/** What the sidecar's API answers: statuses, codes and messages. */
export function testApi(makeEngine: () => Engine, protocol: Protocol): void {
  const start = async () => {
    const engine = makeEngine();
    const component = await engine.store('events', engine.brokers[0] ?? '');
    const store = await engine.store('store', engine.stores[0] ?? '');
    const web = await engine.web('web');
    const started = await startCase(engine, protocol, {
      inputs: { orders: { component, uri: 'orders' } },
      outputs: { web },
      states: { store: { component: store } },
    });
    const call = async (line: string, body?: unknown, headers: Readonly<Record<string, string>> = {}) => {
      const [method = '', path = ''] = line.split(' ', 2);
      const answer = await fetch(`${started.sidecar.url}${path}`, {
        method,
        headers: { 'content-type': 'application/json', ...headers },
        ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
      });
      const text = await answer.text();
      return { status: answer.status, etag: answer.headers.get('etag'), value: text === '' ? '' : JSON.parse(text) };
    };
    return { ...started, call };
  };

  test('what is refused is refused in the same words', async () => {
    const { call } = await start();
    const calls: [string, unknown?][] = [
      ['POST /v1.0/publish/nothing/a', 1],
      ['POST /v1.0/publish/events', 1],
      ['POST /v1.0-alpha1/publish/bulk/nothing/a', []],
      ['POST /v1.0-alpha1/publish/bulk/events/a', [{ event: 1, contentType: 'application/json' }]],
      ['POST /v1.0/bindings/nothing', { operation: 'create' }],
      ['POST /v1.0/bindings/web', {}],
      ['GET /v1.0/state/nothing/a'],
      ['GET /v1.0/state/store/a%7C%7Cb'],
      ['POST /v1.0/state/store', [{ value: 1 }]],
      ['POST /v1.0/state/store/transaction', { operations: [{ operation: 'move', request: { key: 'a' } }] }],
      ['GET /v1.0/secrets/nothing/a'],
      ['GET /v1.0/nothing'],
    ];
    const answers = await Promise.all(
      calls.map(async ([line, body]) => {
        const { status, value } = await call(line, body);
        return `${line}: ${status} ${value.errorCode} ${value.message}`;
      }),
    );
    expect(answers).toEqual(REFUSALS);
  });

  test('the API tells of itself', async () => {
    const { call } = await start();
    // A sidecar answers a moment before it finds itself healthy.
    await expect.poll(async () => (await call('GET /v1.0/healthz')).status).toBe(204);
    expect((await call('GET /v1.0/healthz/outbound')).status).toBe(204);
    expect((await call('PUT /v1.0/metadata/own', 'value')).status).toBe(204);
    const { value } = await call('GET /v1.0/metadata');
    const { id, runtimeVersion, extended, subscriptions, components, appConnectionProperties } = value;
    expect({ id, runtimeVersion, own: extended.own, subscriptions }).toEqual({
      id: 'app',
      runtimeVersion: '1.16.5',
      own: 'value',
      subscriptions: [
        {
          pubsubname: 'events',
          topic: 'orders',
          rules: [{ path: '/events--orders--default' }],
          deadLetterTopic: '',
          type: 'PROGRAMMATIC',
        },
      ],
    });
    expect(components.map(({ name }: { name: string }) => name).sort()).toEqual(['events', 'store', 'web']);
    expect(appConnectionProperties).toMatchObject({ protocol, channelAddress: '127.0.0.1' });
  });

  test('states answer with etags, or with nothing', async () => {
    const { call } = await start();
    const none = { etag: null, value: '' };
    expect(await call('POST /v1.0/state/store', [{ key: 'a/b c', value: { n: 1 } }])).toEqual({ status: 204, ...none });
    const path = '/v1.0/state/store/a%2Fb%20c';
    const { etag, ...saved } = await call(`GET ${path}`);
    expect(saved).toEqual({ status: 200, value: { n: 1 } });
    expect(await call(`DELETE ${path}`, undefined, { 'if-match': 'another' })).toMatchObject({
      status: 409,
      value: { errorCode: 'ERR_STATE_DELETE' },
    });
    expect(await call(`DELETE ${path}`, undefined, { 'if-match': etag ?? '' })).toEqual({ status: 204, ...none });
    expect(await call(`GET ${path}`)).toEqual({ status: 204, ...none });
    expect(await call('POST /v1.0/state/store/bulk', { keys: [] })).toMatchObject({ status: 200, value: [] });
    const operations = [{ operation: 'upsert', request: { key: 'a', value: 1, etag: 'another' } }];
    expect(await call('POST /v1.0/state/store/transaction', { operations })).toMatchObject({
      status: 500,
      value: { errorCode: 'ERR_STATE_TRANSACTION' },
    });
  });

  test('several messages are published in one call', async () => {
    const { app, call } = await start();
    const entries = [
      { entryId: '1', event: { n: 1 }, contentType: 'application/json' },
      { entryId: '2', event: 'text', contentType: 'text/plain' },
      { entryId: '3', event: 'AP+A', contentType: 'application/octet-stream' },
      { entryId: '4', event: { n: 2 }, contentType: 'application/json', metadata: { 'cloudevent.source': 'mine' } },
    ];
    expect((await call('POST /v1.0-alpha1/publish/bulk/events/orders', entries)).status).toBe(204);
    const got = await app.lines('GOT', 4);
    const texts = got.map(({ data, source }) => JSON.stringify([data, source])).sort();
    expect(texts).toEqual(['["text","app"]', '[{"base64":"AP+A"},"app"]', '[{"n":1},"app"]', '[{"n":2},"mine"]']);
  });
}

const REFUSALS = [
  'POST /v1.0/publish/nothing/a: 404 ERR_PUBSUB_NOT_FOUND pubsub nothing is not found',
  'POST /v1.0/publish/events: 404 ERR_DIRECT_INVOKE failed getting app id either from the URL path or the header dapr-app-id',
  'POST /v1.0-alpha1/publish/bulk/nothing/a: 404 ERR_PUBSUB_NOT_FOUND pubsub nothing is not found',
  'POST /v1.0-alpha1/publish/bulk/events/a: 400 ERR_PUBSUB_EVENTS_SER error marshaling events to bytes for topic a pubsub events. error: entryId is duplicated or not present for entry',
  "POST /v1.0/bindings/nothing: 500 ERR_INVOKE_OUTPUT_BINDING error invoking output binding nothing: couldn't find output binding nothing",
  'POST /v1.0/bindings/web: 500 ERR_INVOKE_OUTPUT_BINDING error invoking output binding web: operation field is missing from request',
  'GET /v1.0/state/nothing/a: 400 ERR_STATE_STORE_NOT_FOUND state store nothing is not found',
  "GET /v1.0/state/store/a%7C%7Cb: 400 ERR_MALFORMED_REQUEST api error: code = InvalidArgument desc = input key/keyPrefix 'a||b' can't contain '||'",
  'POST /v1.0/state/store: 400 ERR_MALFORMED_REQUEST "key" is a required field',
  'POST /v1.0/state/store/transaction: 400 ERR_NOT_SUPPORTED_STATE_OPERATION operation type move not supported',
  'GET /v1.0/secrets/nothing/a: 500 ERR_SECRET_STORES_NOT_CONFIGURED secret store is not configured',
  'GET /v1.0/nothing: 404 ERR_DIRECT_INVOKE failed getting app id either from the URL path or the header dapr-app-id',
];
