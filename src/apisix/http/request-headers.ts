import type { RequestHeaders } from '../plugin.ts';
import type { Entry } from '../protocol/message-writer.ts';
import { bytesOf, type Text } from '../protocol/text.ts';
import { HeaderList, type Header } from './header-list.ts';

/** Headers of a request, and which of them have to be told to APISIX. */
export class ChangingHeaders extends HeaderList implements RequestHeaders {
  readonly #received: readonly Header[];
  /** Names as filters write them, by those in lower case. */
  readonly #touched = new Map<string, string>();

  constructor(received: Header[]) {
    super([...received]);
    this.#received = received;
  }

  /** The headers that are not as they came: the value they get, or that they go. */
  changes(): Entry[] {
    return [...this.#touched].flatMap(([key, name]): Entry[] => {
      const before = this.#received.filter((header) => header.key === key);
      const [value] = this.bytes(key);
      if (value === undefined) return before.length === 0 ? [] : [[name, undefined]];
      const isSame = before.length === 1 && Buffer.compare(bytesOf(before[0]?.value ?? ''), value) === 0;
      return isSame ? [] : [[name, value]];
    });
  }

  override set(name: string, value: Text): void {
    super.set(name, value);
    this.#touched.set(name.toLowerCase(), name);
  }

  override delete(name: string): void {
    super.delete(name);
    this.#touched.set(name.toLowerCase(), name);
  }
}
