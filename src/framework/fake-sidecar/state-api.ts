import { messageOf } from '../../base/error.ts';
import { isTable, type Table } from '../../base/table.ts';
import { scalarOf, textOf } from '../table.ts';
import { ApiError, malformed } from './api-error.ts';
import { jsonAnswer, jsonBody, metadataOf, NO_CONTENT, type ApiAnswer, type ApiRequest, type ApiRoute } from './api.ts';
import { queryStates } from './state-query.ts';
import { EtagMismatch, type StateStore, type StateWrite, type StoredState } from './state-store.ts';

const OPERATIONS = ['upsert', 'delete'] as const;

type Stores = ReadonlyMap<string, StateStore>;

/** https://docs.dapr.io/reference/api/state_api/; `stores` are the state components. */
export function stateRoutes(stores: Stores): ApiRoute[] {
  return [
    {
      methods: 'POST PUT',
      path: /^\/v1\.0\/state\/([^/]+)$/,
      handle: (request, [store]) => save(request, stores, store),
    },
    {
      methods: 'POST PUT',
      path: /^\/v1\.0\/state\/([^/]+)\/bulk$/,
      handle: (request, [store]) => getBulk(request, find(stores, store)),
    },
    {
      methods: 'POST PUT',
      path: /^\/v1\.0\/state\/([^/]+)\/transaction$/,
      handle: (request, [store]) => transact(request, find(stores, store)),
    },
    {
      methods: 'POST PUT',
      path: /^\/v1\.0-alpha1\/state\/([^/]+)\/query$/,
      handle: (request, [store]) => query(request, stores, store),
    },
    {
      methods: 'GET',
      path: /^\/v1\.0\/state\/([^/]+)\/([^/]+)$/,
      handle: (_request, [store, key]) => get(find(stores, store), keyOf(key)),
    },
    {
      methods: 'DELETE',
      path: /^\/v1\.0\/state\/([^/]+)\/([^/]+)$/,
      handle: (request, [store, key]) => remove(request, find(stores, store), keyOf(key)),
    },
  ];
}

function find(stores: Stores, name = ''): StateStore {
  const message = `state store ${name} is not`;
  if (stores.size === 0) throw new ApiError(500, 'ERR_STATE_STORE_NOT_CONFIGURED', `${message} configured`);
  const store = stores.get(name);
  if (store === undefined) throw new ApiError(400, 'ERR_STATE_STORE_NOT_FOUND', `${message} found`);
  return store;
}

/** Each write counts for itself: those before and after one that came too late are kept. */
function save(request: ApiRequest, stores: Stores, name = ''): ApiAnswer {
  const store = find(stores, name);
  const items = jsonBody(request);
  if (!Array.isArray(items)) throw new ApiError(400, 'ERR_MALFORMED_REQUEST', 'it is no list');
  const writes = items.map((item) => writeOf(item, metadataOf(request)));
  const mismatches = writes.flatMap((write) => mismatchOf(() => store.set(write)));
  if (mismatches.length === 0) return NO_CONTENT;
  throw new ApiError(409, 'ERR_STATE_SAVE', `failed saving state in state store ${name}: ${mismatches.join('\n')}`);
}

function getBulk(request: ApiRequest, store: StateStore): ApiAnswer {
  const body = jsonBody(request);
  const keys = isTable(body) && Array.isArray(body['keys']) ? body['keys'].map(scalarOf).map(keyOf) : [];
  return jsonAnswer(
    keys.map((key) => {
      const state = store.get(key);
      return state === undefined ? { key } : rowOf(state);
    }),
  );
}

function get(store: StateStore, key: string): ApiAnswer {
  const state = store.get(key);
  if (state === undefined) return NO_CONTENT;
  const { json: body, etag } = state;
  const { metadata } = expiryOf(state) ?? {};
  const expiry = metadata === undefined ? {} : { 'metadata.ttlExpireTime': metadata.ttlExpireTime };
  return { status: 200, headers: { 'content-type': 'application/json', etag, ...expiry }, body };
}

function remove({ query, headers }: ApiRequest, store: StateStore, key: string): ApiAnswer {
  const etag = textOf(headers['if-match']);
  const concurrency = query.get('concurrency') ?? '';
  const [mismatch] = mismatchOf(() => store.delete({ key, etag, concurrency, metadata: {} }));
  if (mismatch === undefined) return NO_CONTENT;
  throw new ApiError(409, 'ERR_STATE_DELETE', `failed deleting state with key ${key}: ${mismatch}`);
}

function transact(request: ApiRequest, store: StateStore): ApiAnswer {
  const body = jsonBody(request);
  const operations = isTable(body) && Array.isArray(body['operations']) ? body['operations'].filter(isTable) : [];
  const writes = operations.map(({ operation, request: write }) => {
    const known = OPERATIONS.find((one) => one === operation);
    if (known !== undefined) return { operation: known, write: writeOf(write, {}) };
    const message = `operation type ${textOf(operation)} not supported`;
    throw new ApiError(400, 'ERR_NOT_SUPPORTED_STATE_OPERATION', message);
  });
  const [mismatch] = mismatchOf(() => store.transact(writes));
  if (mismatch === undefined) return NO_CONTENT;
  throw new ApiError(500, 'ERR_STATE_TRANSACTION', `error while executing state transaction: ${mismatch}`);
}

function query(request: ApiRequest, stores: Stores, name = ''): ApiAnswer {
  const store = find(stores, name);
  try {
    const { found, token } = queryStates(store.all(), JSON.parse(request.body.toString()));
    if (found.length === 0) return NO_CONTENT;
    return jsonAnswer({ results: found.map(rowOf), ...(token === undefined ? {} : { token }) });
  } catch (error) {
    throw new ApiError(500, 'ERR_STATE_QUERY', `state store ${name} query failed: ${messageOf(error)}`);
  }
}

function rowOf(state: StoredState): object {
  const { key, json, etag } = state;
  return { key, data: JSON.parse(json), etag, ...expiryOf(state) };
}

function expiryOf({ expires }: StoredState): { readonly metadata: { readonly ttlExpireTime: string } } | undefined {
  if (expires === undefined) return undefined;
  return { metadata: { ttlExpireTime: new Date(expires).toISOString().replace(/\.\d+/, '') } };
}

function writeOf(item: unknown, metadata: Table): StateWrite {
  if (!isTable(item)) throw malformed('a state is no JSON object');
  const key = keyOf(textOf(item['key']));
  if (key === '') throw new ApiError(400, 'ERR_MALFORMED_REQUEST', '"key" is a required field');
  const options = isTable(item['options']) ? item['options'] : {};
  const own = isTable(item['metadata']) ? item['metadata'] : {};
  return {
    key,
    value: item['value'],
    etag: textOf(item['etag']),
    concurrency: textOf(options['concurrency']),
    metadata: { ...own, ...metadata },
  };
}

function keyOf(key = ''): string {
  if (!key.includes('||')) return key;
  const why = `input key/keyPrefix '${key}' can't contain '||'`;
  throw new ApiError(400, 'ERR_MALFORMED_REQUEST', `api error: code = InvalidArgument desc = ${why}`);
}

function mismatchOf(act: () => void): string[] {
  try {
    act();
    return [];
  } catch (error) {
    if (error instanceof EtagMismatch) return [error.message];
    throw error;
  }
}
