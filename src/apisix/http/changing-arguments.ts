import type { Arguments } from '../plugin.ts';
import type { Entry } from '../protocol/message-writer.ts';
import { bytesOf, textOf, type Text } from '../protocol/text.ts';
import type { Received } from './entry-list.ts';

type Value = Text | null;

/** The query of a request, and what of it has to be told to APISIX. */
export class ChangingArguments implements Arguments {
  readonly #values = new Map<string, readonly Value[]>();
  /** The values that touched names had. */
  readonly #before = new Map<string, readonly Value[]>();

  constructor(received: readonly Received[]) {
    for (const { name, value } of received) this.#values.set(name, [...this.#of(name), value ?? null]);
  }

  /** The names that are not as they came, with all their values; one without any goes. */
  changes(): Entry[] {
    return [...this.#before].flatMap(([name, before]): Entry[] => {
      const values = this.#of(name);
      if (values.length === before.length && values.every((value, index) => isSame(value, before[index]))) return [];
      return values.length === 0 ? [[name, undefined]] : values.map((value) => [name, value ?? '']);
    });
  }

  /**
   * One name as it is. APISIX up to 3.15 drops the query where the path changes and no argument does; those that it is not
   * told of stay. A name with values comes first, as a name without one becomes one with the empty text.
   */
  anyOne(): Entry[] {
    const lists = [...this.#values];
    const [name, values = []] = lists.find(([, list]) => list.every((value) => value !== null)) ?? lists[0] ?? [];
    return name === undefined ? [] : values.map((value) => [name, value ?? '']);
  }

  get(name: string): string | undefined {
    const [first] = this.#of(name);
    return first === undefined ? undefined : asText(first);
  }

  values(name: string): string[] {
    return this.#of(name).map(asText);
  }

  has(name: string): boolean {
    return this.#values.has(name);
  }

  *entries(): IterableIterator<[name: string, value: string | null]> {
    for (const [name, values] of this.#values) {
      for (const value of values) yield [name, value === null ? null : asText(value)];
    }
  }

  set(name: string, ...values: Text[]): void {
    this.#touch(name);
    if (values.length === 0) this.#values.delete(name);
    else this.#values.set(name, values);
  }

  append(name: string, value: Text): void {
    this.set(name, ...this.#of(name).map((each) => each ?? ''), value);
  }

  delete(name: string): void {
    this.set(name);
  }

  #of(name: string): readonly Value[] {
    return this.#values.get(name) ?? [];
  }

  #touch(name: string): void {
    if (!this.#before.has(name)) this.#before.set(name, this.#of(name));
  }
}

function isSame(one: Value, other: Value | undefined): boolean {
  if (other === undefined) return false;
  return Buffer.compare(bytesOf(one ?? ''), bytesOf(other ?? '')) === 0;
}

function asText(value: Value): string {
  return typeof value === 'string' ? value : textOf(value ?? new Uint8Array());
}
