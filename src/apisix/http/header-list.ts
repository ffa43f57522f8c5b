import type { Headers, ResponseHeaders } from '../plugin.ts';
import type { Entry } from '../protocol/message-writer.ts';
import { bytesOf, textOf, type Text } from '../protocol/text.ts';
import { requireHeader } from './refuse.ts';

/** A header as it is kept. */
export interface Header {
  readonly name: Text;
  /** The name in lower case. */
  readonly key: string;
  readonly value: Text;
}

/** Headers in their order. */
export class HeaderList implements Headers {
  #headers: Header[];
  #isChanged = false;

  constructor(headers: Header[] = []) {
    this.#headers = headers;
  }

  /** Whether anything was set, added or deleted. */
  get isChanged(): boolean {
    return this.#isChanged;
  }

  /** Names and values for APISIX, without those that `isLeftOut` names in lower case. */
  toEntries(isLeftOut: ReadonlySet<string>): Entry[] {
    const entries: Entry[] = [];
    for (const { key, name, value } of this.#headers) {
      if (!isLeftOut.has(key)) entries.push([name, value]);
    }
    return entries;
  }

  get(name: string): string | undefined {
    const key = name.toLowerCase();
    const found = this.#headers.find((header) => header.key === key);
    return found === undefined ? undefined : textOf(found.value);
  }

  values(name: string): string[] {
    return this.#of(name).map(({ value }) => textOf(value));
  }

  bytes(name: string): Uint8Array[] {
    return this.#of(name).map(({ value }) => bytesOf(value));
  }

  has(name: string): boolean {
    return this.#of(name).length > 0;
  }

  *entries(): IterableIterator<[name: string, value: string]> {
    for (const { name, value } of this.#headers) yield [textOf(name), textOf(value)];
  }

  set(name: string, value: Text): void {
    requireHeader('headers.set', name, value);
    const key = name.toLowerCase();
    const place = this.#headers.findIndex((header) => header.key === key);
    if (place !== -1) this.#headers = this.#headers.filter((header, at) => header.key !== key || at === place);
    this.#headers[place === -1 ? this.#headers.length : place] = { name, key, value };
    this.#isChanged = true;
  }

  delete(name: string): void {
    const key = name.toLowerCase();
    this.#headers = this.#headers.filter((header) => header.key !== key);
    this.#isChanged = true;
  }

  /** Puts a header behind all others. */
  protected add(name: string, value: Text): void {
    requireHeader('headers.append', name, value);
    this.#headers.push({ name, key: name.toLowerCase(), value });
    this.#isChanged = true;
  }

  #of(name: string): Header[] {
    const key = name.toLowerCase();
    return this.#headers.filter((header) => header.key === key);
  }
}

/** Headers of a response, of which APISIX takes several of one name. */
export class AppendableHeaders extends HeaderList implements ResponseHeaders {
  append(name: string, value: Text): void {
    this.add(name, value);
  }
}
