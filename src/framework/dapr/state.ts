import { componentNamed } from '../context/components.ts';
import type { OpenFunctionComponent, OpenFunctionContext } from '../context/types.ts';
import { isTable } from '../../base/table.ts';
import { scalarOf } from '../table.ts';
import { accepted, valueOf } from './answer.ts';
import { jsonOf, metadataQuery } from './payload.ts';
import { segment } from './segment.ts';
import type { Sidecar, SidecarCall } from './sidecar.ts';

/** Arguments of a state operation: by the names below, else by their places, whatever their names. */
export type StateData = Readonly<Record<string, unknown>>;

/**
 * State stores of the function context: https://docs.dapr.io/reference/api/state_api/. `db` is a key of the context's
 * `states`, the first one when it is left out. A refusal is a DaprError.
 */
export interface State {
  /** `{ items: [{ key, value, etag?, options?, metadata? }] }` */
  save(data: StateData, db?: string): Promise<void>;
  /** `{ key }`; an empty text where there is none. */
  get(data: StateData, db?: string): Promise<unknown>;
  /** `{ keys, parallelism?, metadata? }`; gives `[{ key, data, etag }]`. */
  getBulk(data: StateData, db?: string): Promise<unknown>;
  /** `{ key }` */
  delete(data: StateData, db?: string): Promise<void>;
  /** `{ operations: [{ operation, request }], metadata? }`; operations are `upsert` and `delete`. */
  transaction(data: StateData, db?: string): Promise<void>;
  /** `{ query: { filter, sort, page } }`; gives `{ results: [{ key, data, etag }], token }`. */
  query(data: StateData, db?: string): Promise<unknown>;
}

/** Makes the state stores of a function context. */
export function makeState({ states }: Pick<OpenFunctionContext, 'states'>, sidecar: Sidecar): State {
  const call = async (
    method: SidecarCall['method'],
    db: string | undefined,
    rest: string,
    sent?: unknown,
    api = 'v1.0',
  ): Promise<unknown> => {
    const path = `/${api}/state/${segment(findStore(states, db).componentName)}${rest}`;
    const body = sent === undefined ? {} : { headers: { 'content-type': 'application/json' }, body: jsonOf(sent) };
    return valueOf(accepted(await sidecar.call({ method, path, ...body })));
  };
  return {
    async save(data, db) {
      await call('POST', db, '', pick(data, 'items', 0) ?? []);
    },
    async get(data, db) {
      const value = await call('GET', db, `/${keyOf(data)}`);
      return value === undefined ? '' : value;
    },
    async getBulk(data, db) {
      const metadata = pick(data, 'metadata', 2);
      const query = metadataQuery(isTable(metadata) ? metadata : undefined);
      const body = { keys: pick(data, 'keys', 0), parallelism: pick(data, 'parallelism', 1) ?? 10 };
      return (await call('POST', db, `/bulk${query}`, body)) ?? [];
    },
    async delete(data, db) {
      await call('DELETE', db, `/${keyOf(data)}`);
    },
    async transaction(data, db) {
      const metadata = pick(data, 'metadata', 1);
      const body = { operations: pick(data, 'operations', 0), ...(metadata === undefined ? {} : { metadata }) };
      await call('POST', db, '/transaction', body);
    },
    async query(data, db) {
      return (await call('POST', db, '/query', pick(data, 'query', 0), 'v1.0-alpha1')) ?? { results: [], token: '' };
    },
  };
}

/** The component of a store; its errors have the words of OpenFunction's framework. */
export function findStore(states: OpenFunctionContext['states'], db: string | undefined): OpenFunctionComponent {
  const [first] = Object.values(states);
  if (first === undefined) throw new Error('You must specify the state in the context');
  const store = db === undefined || db === '' ? first : componentNamed(states, db);
  if (store?.componentType.split('.')[0] !== 'state') throw new Error('The state component type is wrong');
  return store;
}

/** A value by its name, or by its place where nothing has the name. */
function pick(data: StateData, name: string, place: number): unknown {
  return name in data ? data[name] : Object.values(data)[place];
}

function keyOf(data: StateData): string {
  const values = 'key' in data ? [data['key']] : Object.values(data);
  const [key] = values;
  const name = scalarOf(key);
  if (values.length !== 1 || name === '') throw new Error('State get method: invalid key number');
  return segment(name);
}
