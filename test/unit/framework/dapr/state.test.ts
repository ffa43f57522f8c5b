import { expect, onTestFinished, test } from 'vitest';
import type { OpenFunctionContext } from '../../../../src/framework/context/types.ts';
import { connectSidecar } from '../../../../src/framework/dapr/sidecar.ts';
import { findStore, makeState, type State } from '../../../../src/framework/dapr/state.ts';
import { readPlatform } from '../../../../src/framework/platform.ts';
import { startSidecar, type SidecarReply } from '../../../support/sidecar.ts';

const STATES: OpenFunctionContext['states'] = {
  first: { componentName: 'pg/é', componentType: 'state.postgresql' },
  second: { componentName: 'redis', componentType: 'state.redis' },
  topic: { componentName: 'ps', componentType: 'pubsub.redis' },
};

async function start(reply: SidecarReply = {}, states = STATES) {
  const { env, calls } = await startSidecar(() => reply);
  const sidecar = connectSidecar(readPlatform(env));
  onTestFinished(() => sidecar.close());
  return { state: makeState({ states }, sidecar), calls };
}

const PATH = '/v1.0/state/pg%2F%C3%A9';
const ITEMS = [{ key: 'k', value: { a: 1 }, etag: '1' }];
const OPERATIONS = [{ operation: 'upsert', request: { key: 'k', value: 1 } }];
const QUERY = { filter: { EQ: { a: 1 } }, page: { limit: 1 } };

test.each<[string, (state: State) => Promise<unknown>, string, string]>([
  ['save', (state) => state.save({ items: ITEMS }), `POST ${PATH}`, JSON.stringify(ITEMS)],
  ['save by place', (state) => state.save({ whatever: ITEMS }), `POST ${PATH}`, JSON.stringify(ITEMS)],
  ['get', (state) => state.get({ key: 'a/b?c d' }), `GET ${PATH}/a%2Fb%3Fc%20d`, ''],
  ['get by place', (state) => state.get({ whatever: 'k' }), `GET ${PATH}/k`, ''],
  ['get of a number', (state) => state.get({ key: 5 }), `GET ${PATH}/5`, ''],
  ['getBulk', (state) => state.getBulk({ keys: ['a'] }), `POST ${PATH}/bulk`, '{"keys":["a"],"parallelism":10}'],
  [
    'getBulk with more',
    (state) => state.getBulk({ metadata: { a: 'b c' }, parallelism: 2, keys: ['a'] }),
    `POST ${PATH}/bulk?metadata.a=b+c`,
    '{"keys":["a"],"parallelism":2}',
  ],
  [
    'getBulk by place',
    (state) => state.getBulk({ x: ['a'], y: 3, z: { a: 'b' } }),
    `POST ${PATH}/bulk?metadata.a=b`,
    '{"keys":["a"],"parallelism":3}',
  ],
  ['delete', (state) => state.delete({ key: 'k#' }), `DELETE ${PATH}/k%23`, ''],
  ['delete by place', (state) => state.delete({ whatever: 'k' }), `DELETE ${PATH}/k`, ''],
  [
    'transaction',
    (state) => state.transaction({ metadata: { a: 'b' }, operations: OPERATIONS }),
    `POST ${PATH}/transaction`,
    JSON.stringify({ operations: OPERATIONS, metadata: { a: 'b' } }),
  ],
  [
    'transaction by place',
    (state) => state.transaction({ x: OPERATIONS }),
    `POST ${PATH}/transaction`,
    JSON.stringify({ operations: OPERATIONS }),
  ],
  [
    'query',
    (state) => state.query({ query: QUERY }),
    `POST ${PATH.replace('v1.0', 'v1.0-alpha1')}/query`,
    JSON.stringify(QUERY),
  ],
  [
    'query by place',
    (state) => state.query({ whatever: QUERY }),
    `POST ${PATH.replace('v1.0', 'v1.0-alpha1')}/query`,
    JSON.stringify(QUERY),
  ],
  ['another store', (state) => state.get({ key: 'k' }, 'second'), 'GET /v1.0/state/redis/k', ''],
])('%s', async (_, act, line, body) => {
  const { state, calls } = await start();
  await act(state);
  expect(calls.map((call) => [`${call.method} ${call.path}`, call.body])).toEqual([[line, body]]);
});

test.each<[string, SidecarReply, unknown]>([
  ['a table', { status: 200, body: '{"a":1}' }, { a: 1 }],
  ['text', { status: 200, body: 'plain' }, 'plain'],
  ['null', { status: 200, body: 'null' }, null],
  ['nothing', { status: 204 }, ''],
])('a value that is %s', async (_, reply, value) => {
  const { state } = await start(reply);
  expect(await state.get({ key: 'k' })).toEqual(value);
});

test('several values', async () => {
  const values = [{ key: 'k', data: 1, etag: '1' }];
  const { state } = await start({ status: 200, body: JSON.stringify(values) });
  expect(await state.getBulk({ keys: ['k'] })).toEqual(values);
});

test('what a query finds', async () => {
  const found = { results: [{ key: 'k', data: 1, etag: '1' }], token: '1' };
  const { state } = await start({ status: 200, body: JSON.stringify(found) });
  expect(await state.query({ query: {} })).toEqual(found);
});

test('nothing found is an empty list', async () => {
  const { state } = await start({ status: 204 });
  expect(await state.getBulk({ keys: ['k'] })).toEqual([]);
  expect(await state.query({ query: {} })).toEqual({ results: [], token: '' });
});

test('what changes state resolves with nothing', async () => {
  const { state } = await start({ status: 200, body: 'ignored' });
  const done = [state.save({ items: [] }), state.delete({ key: 'k' }), state.transaction({ operations: [] })];
  expect(await Promise.all(done)).toEqual([undefined, undefined, undefined]);
});

test.each<[string, Record<string, unknown>]>([
  ['none', {}],
  ['two', { a: 'x', b: 'y' }],
  ['one that is none', { key: { a: 1 } }],
])('%s as the key', async (_, data) => {
  const { state, calls } = await start();
  await expect(state.get(data)).rejects.toThrow('State get method: invalid key number');
  await expect(state.delete(data)).rejects.toThrow('State get method: invalid key number');
  expect(calls).toEqual([]);
});

test('a refusal is thrown', async () => {
  const { state } = await start({ status: 400, body: '{"errorCode":"ERR_STATE_STORE_NOT_FOUND","message":"no"}' });
  const acts = [
    state.save({ items: [] }),
    state.get({ key: 'k' }),
    state.getBulk({ keys: [] }),
    state.delete({ key: 'k' }),
    state.transaction({ operations: [] }),
    state.query({ query: {} }),
  ];
  for (const act of acts) await expect(act).rejects.toMatchObject({ code: 'ERR_STATE_STORE_NOT_FOUND', status: 400 });
});

test.each([undefined, ''])('the store of %j is the first', (db) => {
  expect(findStore(STATES, db)).toBe(STATES['first']);
});

test('a store is found by its key, not by the name of its component', () => {
  expect(findStore(STATES, 'second')).toBe(STATES['second']);
  expect(() => findStore(STATES, 'redis')).toThrow('The state component type is wrong');
});

test.each(['topic', 'nothing', 'toString'])('"%s" is no store', (db) => {
  expect(() => findStore(STATES, db)).toThrow('The state component type is wrong');
});

test('without stores there is none', async () => {
  expect(() => findStore({}, 'first')).toThrow('You must specify the state in the context');
  const { state } = await start({}, {});
  await expect(state.get({ key: 'k' })).rejects.toThrow('You must specify the state in the context');
});
