import type { Arguments } from '../plugin.ts';
import type { Entry } from '../protocol/message-writer.ts';
import { binaryOf, bytesOf, textOf, type Text } from '../protocol/text.ts';
import type { Received } from './entry-list.ts';
import { requireText } from './refuse.ts';

type Value = Text | null;

/** All that has one name. */
interface Named {
  /** As it came, or as a filter gave it. */
  readonly name: Text;
  readonly values: readonly Value[];
}

const NONE: readonly Value[] = [];

/** The query of a request, and what of it has to be told to APISIX. Names are told apart by their bytes. */
export class ChangingArguments implements Arguments {
  readonly #named = new Map<string, Named>();
  /** What touched names had. */
  readonly #before = new Map<string, Named>();

  constructor(received: readonly Received[]) {
    for (const { name, value } of received) {
      const key = binaryOf(name);
      const values = [...(this.#named.get(key)?.values ?? NONE), value ?? null];
      this.#named.set(key, { name, values });
    }
  }

  /** The names that are not as they came, with all their values; one without any goes. */
  changes(): Entry[] {
    return [...this.#before].flatMap(([key, before]): Entry[] => {
      const { name, values } = this.#named.get(key) ?? { name: before.name, values: NONE };
      const isAsBefore = values.every((value, index) => isSame(value, before.values[index]));
      if (values.length === before.values.length && isAsBefore) return [];
      return values.length === 0 ? [[name, undefined]] : values.map((value) => [name, value ?? '']);
    });
  }

  /**
   * One name as it is. APISIX up to 3.15 drops the query where the path changes and no argument does; those that it is not
   * told of stay. A name with values comes first, as a name without one becomes one with the empty text.
   */
  anyOne(): Entry[] {
    const all = [...this.#named.values()];
    const one = all.find(({ values }) => values.every((value) => value !== null)) ?? all[0];
    return one === undefined ? [] : one.values.map((value) => [one.name, value ?? '']);
  }

  get(name: Text): string | undefined {
    const [first] = this.#of(name);
    return first === undefined ? undefined : asText(first);
  }

  values(name: Text): string[] {
    return this.#of(name).map(asText);
  }

  bytes(name: Text): Uint8Array[] {
    return this.#of(name).map((value) => bytesOf(value ?? ''));
  }

  has(name: Text): boolean {
    return this.#named.has(binaryOf(name));
  }

  *entries(): IterableIterator<[name: string, value: string | null]> {
    for (const { name, values } of this.#named.values()) {
      for (const value of values) yield [asText(name), value === null ? null : asText(value)];
    }
  }

  *byteEntries(): IterableIterator<[name: Uint8Array, value: Uint8Array | null]> {
    for (const { name, values } of this.#named.values()) {
      for (const value of values) yield [bytesOf(name), value === null ? null : bytesOf(value)];
    }
  }

  set(name: Text, ...values: Text[]): void {
    for (const each of [name, ...values]) requireText('args.set', each);
    this.#replace(name, values);
  }

  append(name: Text, value: Text): void {
    for (const each of [name, value]) requireText('args.append', each);
    this.#replace(name, [...this.#of(name).map((each) => each ?? ''), value]);
  }

  delete(name: Text): void {
    this.#replace(name, []);
  }

  #replace(name: Text, values: readonly Text[]): void {
    const key = binaryOf(name);
    const before = this.#named.get(key) ?? { name, values: NONE };
    if (!this.#before.has(key)) this.#before.set(key, before);
    if (values.length === 0) this.#named.delete(key);
    else this.#named.set(key, { name: before.name, values });
  }

  #of(name: Text): readonly Value[] {
    return this.#named.get(binaryOf(name))?.values ?? NONE;
  }
}

function isSame(one: Value, other: Value | undefined): boolean {
  if (other === undefined) return false;
  return Buffer.compare(bytesOf(one ?? ''), bytesOf(other ?? '')) === 0;
}

function asText(value: Value): string {
  return textOf(value ?? '');
}
