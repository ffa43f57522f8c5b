import { isDeepStrictEqual } from 'node:util';
import { isTable, type Table } from '../../base/table.ts';
import { textOf } from '../table.ts';
import type { StoredState } from './state-store.ts';

/** What a query found. */
export interface QueryResult {
  readonly found: readonly StoredState[];
  /** Where the next page begins; undefined when no page was asked for. */
  readonly token: string | undefined;
}

type Matches = (value: unknown) => boolean;

/**
 * Runs a query on states: https://docs.dapr.io/developing-applications/building-blocks/state-management/howto-state-query-api/.
 * Throws an Error when it is none.
 */
export function queryStates(states: readonly StoredState[], query: unknown): QueryResult {
  if (!isTable(query)) throw new Error('it is no JSON object');
  const { filter, sort, page } = query;
  const matches = isTable(filter) && Object.keys(filter).length > 0 ? filterOf(filter) : () => true;
  const rows = states.map((state): [StoredState, unknown] => [state, JSON.parse(state.json)]);
  const chosen = rows.filter(([, value]) => matches(value)).sort(([, a], [, b]) => compareBy(sort, a, b));
  const found = chosen.map(([state]) => state);
  const { limit, token } = isTable(page) ? page : {};
  if (typeof limit !== 'number' || limit <= 0) return { found, token: undefined };
  const start = Number(textOf(token) || '0');
  const end = start + limit;
  return { found: found.slice(start, end), token: String(Math.min(end, found.length)) };
}

const COMPARISONS: Readonly<Record<string, (order: number) => boolean>> = {
  GT: (order) => order > 0,
  GTE: (order) => order >= 0,
  LT: (order) => order < 0,
  LTE: (order) => order <= 0,
};

/** The values of a unit are checked here, its keys when states are. */
function filterOf(filter: unknown): Matches {
  if (!isTable(filter)) throw new Error('filter unit must be a map');
  const [unit, ...others] = Object.entries(filter);
  if (unit === undefined || others.length > 0) throw new Error('filter unit must have a single element');
  const [name, operand] = unit;
  if (name === 'AND' || name === 'OR') return junctionOf(name, operand);
  const [key, expected] = pairOf(name, operand);
  if (name === 'EQ') return (value) => isDeepStrictEqual(at(value, key), expected);
  if (name === 'NEQ') return (value) => !isDeepStrictEqual(at(value, key), expected);
  if (name === 'IN') return (value) => listOf(name, expected).some((one) => isDeepStrictEqual(at(value, key), one));
  const compares = COMPARISONS[name];
  if (compares === undefined) throw new Error(`unsupported filter "${name}"`);
  return (value) => at(value, key) !== undefined && compares(compare(at(value, key), expected));
}

function junctionOf(name: 'AND' | 'OR', operand: unknown): Matches {
  const parts = listOf(name, operand).map(filterOf);
  return (value) => (name === 'AND' ? parts.every((part) => part(value)) : parts.some((part) => part(value)));
}

function listOf(name: string, operand: unknown): readonly unknown[] {
  if (Array.isArray(operand)) return operand;
  throw new Error(`${name} filter must be an array`);
}

function pairOf(name: string, operand: unknown): [string, unknown] {
  const [pair, ...others] = isTable(operand) ? Object.entries(operand) : [];
  if (pair !== undefined && others.length === 0) return pair;
  throw new Error(`${name} filter must contain a single key/value pair`);
}

/** The member at a dotted path. */
function at(value: unknown, path: string): unknown {
  return path.split('.').reduce((inner: unknown, name) => (isTable(inner) ? inner[name] : undefined), value);
}

function compareBy(sort: unknown, a: unknown, b: unknown): number {
  const keys: Table[] = Array.isArray(sort) ? sort.filter(isTable) : [];
  for (const { key, order } of keys) {
    const result = compare(at(a, textOf(key)), at(b, textOf(key)));
    if (result !== 0) return order === 'DESC' ? -result : result;
  }
  return 0;
}

function compare(a: unknown, b: unknown): number {
  if (typeof a === 'number' && typeof b === 'number') return a - b;
  const [left, right] = [String(a), String(b)];
  return left < right ? -1 : Number(left > right);
}
