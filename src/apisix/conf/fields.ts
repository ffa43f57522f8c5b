import { FnError } from '../../base/error.ts';
import { parseJson } from './json.ts';

/** A value of JSON with fields. */
type Table = Readonly<Record<string, unknown>>;

type Kind = 'string' | 'boolean' | 'number' | 'integer' | 'object' | 'array';

/** Limits of a number, both within. */
interface Range {
  readonly least?: number;
  readonly most?: number;
}

/**
 * The fields of a plugin's value. What is wrong is said in the words of APISIX's own check of plugins:
 * https://github.com/api7/jsonschema
 */
export class Fields {
  readonly #table: Table;
  /** What stands before a fault: where it is. */
  readonly #where: string;
  readonly #isAsInGo: boolean;

  private constructor(value: unknown, where: string, isAsInGo: boolean) {
    const table = isAsInGo ? (value ?? {}) : value;
    if (!isTable(table)) throw invalid(`${where}${wrongType('object', value)}`);
    this.#table = table;
    this.#where = where;
    this.#isAsInGo = isAsInGo;
  }

  /** Reads a value of JSON, which has to be an object; OFN-APISIX-CONF. */
  static read(text: string): Fields {
    return new Fields(parseJson(text), '', false);
  }

  /** The same for values that Apache's runner for Go takes: names in any case, and null for what is left out; of several the last. */
  static readAsInGo(text: string): Fields {
    return new Fields(parseJson(text), '', true);
  }

  text(name: string): string | undefined {
    return this.#read(name, 'string', (value) => typeof value === 'string');
  }

  /** A path that begins with a slash. */
  path(name: string): string | undefined {
    const value = this.text(name);
    if (value === undefined || value.startsWith('/')) return value;
    throw this.#fault(name, `failed to match pattern "^/" with "${value}"`);
  }

  requiredText(name: string): string {
    return this.#required(name, this.text(name));
  }

  boolean(name: string): boolean | undefined {
    return this.#read(name, 'boolean', (value) => typeof value === 'boolean');
  }

  number(name: string, range: Range = {}): number | undefined {
    const value = this.#read(name, 'number', (given) => typeof given === 'number');
    return this.#within(name, value, range);
  }

  integer(name: string, range: Range = {}): number | undefined {
    const value = this.#read(name, 'integer', (given): given is number => Number.isInteger(given));
    return this.#within(name, value, range);
  }

  requiredInteger(name: string, range: Range): number {
    return this.#required(name, this.integer(name, range));
  }

  /** One of some texts. */
  oneOf<T extends string>(name: string, texts: readonly T[]): T | undefined {
    const value = this.text(name);
    const known = texts.find((text) => text === value);
    if (value === undefined || known !== undefined) return known;
    throw this.#fault(name, 'matches none of the enum values');
  }

  /** The fields of a field; none when it is left out. */
  fields(name: string): Fields {
    const value = this.#valueOf(name);
    return new Fields(value === undefined ? {} : value, this.#at(name), this.#isAsInGo);
  }

  /** The fields of each element of a list. */
  list(name: string): Fields[] {
    const elements = this.#read(name, 'array', (value): value is unknown[] => Array.isArray(value)) ?? [];
    const where = (index: number): string => `${this.#at(name)}failed to validate item ${index + 1}: `;
    return elements.map((element, index) => new Fields(element, where(index), this.#isAsInGo));
  }

  /** A table of texts by their names, which count as they are written; for Go null is an empty text. */
  texts(name: string): [name: string, value: string][] {
    const values = Object.entries(this.fields(name).#table).map(([key, value]): [string, unknown] => [
      key,
      this.#isAsInGo ? (value ?? '') : value,
    ]);
    const inner = new Fields(Object.fromEntries(values), this.#at(name), false);
    return values.map(([key]) => [key, inner.requiredText(key)]);
  }

  #read<T>(name: string, kind: Kind, is: (value: unknown) => value is T): T | undefined {
    const value = this.#valueOf(name);
    if (value === undefined || is(value)) return value;
    throw this.#fault(name, wrongType(kind, value));
  }

  /** The value of a field; undefined when it is left out. */
  #valueOf(name: string): unknown {
    if (!this.#isAsInGo) return this.#table[name];
    // The last one counts, and null changes nothing.
    const values = Object.entries(this.#table).filter(([key]) => key.toLowerCase() === name);
    return values.findLast(([, value]) => value !== null)?.[1];
  }

  #required<T>(name: string, value: T | undefined): T {
    if (value !== undefined) return value;
    throw invalid(`${this.#where}property "${name}" is required`);
  }

  #within(name: string, value: number | undefined, { least = -Infinity, most = Infinity }: Range): number | undefined {
    if (value === undefined || (value >= least && value <= most)) return value;
    const limit = value < least ? `at least ${least}` : `at most ${most}`;
    throw this.#fault(name, `expected ${value} to be ${limit}`);
  }

  #fault(name: string, fault: string): FnError {
    return invalid(`${this.#at(name)}${fault}`);
  }

  #at(name: string): string {
    return `${this.#where}property "${name}" validation failed: `;
  }
}

function wrongType(kind: Kind, value: unknown): string {
  return `wrong type: expected ${kind}, got ${typeNameOf(value)}`;
}

/** The names that types have in Lua. */
function typeNameOf(value: unknown): string {
  if (value === null) return 'userdata';
  return typeof value === 'object' ? 'table' : typeof value;
}

function isTable(value: unknown): value is Table {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** A value that a plugin can't be run with; `fault` says why. */
export function invalid(fault: string): FnError {
  return new FnError(fault, {
    code: 'OFN-APISIX-CONF',
    hint: 'Correct the value of the plugin in the route; docs/apisix.md has its fields.',
  });
}
