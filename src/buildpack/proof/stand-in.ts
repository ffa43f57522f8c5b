import { absenceOf } from '../project/package-imports.ts';
import type { Observation } from './observation.ts';

/** What a real value would answer and a stand-in can't. */
const QUESTIONS: ReadonlyMap<string | symbol, string> = new Map([
  [Symbol.toPrimitive, 'a value'],
  [Symbol.iterator, 'elements'],
  [Symbol.asyncIterator, 'elements'],
  [Symbol.hasInstance, 'whether a value is of a class'],
]);

/** A loop that ends with a list of the package would never end with what stands in for it. */
const MOST_READS = 100_000;

/** Values in place of packages that are not on disk, so that a module can be loaded to see what it exports. */
export interface StandIns {
  /** What can be called, constructed and read without end: all that comes out of a package. */
  readonly anything: object;
  /**
   * The value of a whole package, which has the names that its demands say; `subject` is the demand of its import, `path`
   * what stands before its names there: nothing, or `default.` for its default export.
   */
  of(subject: string, path: string): unknown;
  /** Whether a value is one of these. */
  has(value: unknown): boolean;
}

/**
 * Stand-ins that meet `demands`. `tell` hears what code wants to know of them that only the package knows, and names that
 * the demands say nothing of.
 */
export function createStandIns(demands: ReadonlySet<string>, tell: (observation: Observation) => void): StandIns {
  const ask = (undecided: string): void => tell({ undecided });
  let reads = 0;
  const read = (): object => {
    reads += 1;
    if (reads <= MOST_READS) return anything;
    ask('values without end');
    throw new Error('Stand-ins have values without end.');
  };
  const anything: object = createStandIn(ask, { read, result: read });
  const made = new WeakSet([anything]);
  const packages = new Map<string, object>();
  const of = (subject: string, path: string): object => {
    const id = `${subject} ${path}`;
    const standIn = packages.get(id) ?? createStandIn(ask, { read: nameIn(subject, path), result: () => anything });
    packages.set(id, standIn);
    made.add(standIn);
    return standIn;
  };
  const nameIn =
    (subject: string, path: string) =>
    (key: string): unknown => {
      const demand = `${subject} ${path}${key}`;
      // What compilers put around `require` gives the package back, and its default export is read from that.
      if (path === '' && key === '__esModule') return anything;
      if (demands.has(demand)) return path === '' && key === 'default' ? of(subject, 'default.') : anything;
      if (demands.has(absenceOf(demand))) return undefined;
      tell({ unknown: demand });
      return anything;
    };
  const has = (value: unknown): boolean =>
    (typeof value === 'object' || typeof value === 'function') && value !== null && made.has(value);
  return { anything, of, has };
}

interface Answers {
  /** What it has under a name. */
  readonly read: (name: string) => unknown;
  /** What comes out of a call. */
  readonly result: () => object;
}

function createStandIn(ask: (question: string) => void, { read, result }: Answers): object {
  return new Proxy(function standIn() {}, {
    get: (target, key) => {
      if (key === 'prototype') return target.prototype as unknown;
      const question = QUESTIONS.get(key);
      if (question !== undefined) ask(question);
      if (key === Symbol.toPrimitive) return () => '';
      if (key === Symbol.iterator) return function* none() {};
      if (key === 'then') return undefined;
      return typeof key === 'string' ? read(key) : result();
    },
    has: () => {
      ask('whether there is a name');
      return false;
    },
    ownKeys: (target) => {
      ask('names');
      return Reflect.ownKeys(target);
    },
    apply: result,
    construct: result,
  });
}
