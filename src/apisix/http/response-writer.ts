import type { ResponseWriter } from '../plugin.ts';
import { bytesOf, type Text } from '../protocol/text.ts';
import { AppendableHeaders } from './header-list.ts';
import { requireStatus, requireText } from './refuse.ts';

/** A status and a body as filters give them. */
export class Written {
  #status: number | undefined;
  #chunks: Text[] | undefined;
  #isSealed = false;

  /** The first status that was given. */
  get status(): number | undefined {
    return this.#status;
  }

  /** Whether there is a status or a body, be it an empty one. */
  get isWritten(): boolean {
    return this.#status !== undefined || this.#chunks !== undefined;
  }

  /** All that was written, in one piece; undefined where that is nothing. */
  get body(): Text | undefined {
    const chunks = this.#chunks;
    if (chunks === undefined) return undefined;
    const [only = ''] = chunks;
    const body = chunks.length === 1 ? only : Buffer.concat(chunks.map(bytesOf));
    return body.length === 0 ? undefined : body;
  }

  writeHeader(status: number): void {
    requireStatus(status);
    this.#status ??= status;
  }

  write(chunk: Text): void {
    requireText('write', chunk);
    // A body that there is is not replaced by nothing.
    if (chunk.length === 0 && this.#chunks !== undefined) return;
    if (this.#chunks === undefined || this.#isSealed) this.#chunks = [chunk];
    else this.#chunks.push(chunk);
    this.#isSealed = false;
  }

  /** Lets the next write begin a body anew, in the place of this one. */
  seal(): void {
    this.#isSealed = true;
  }
}

/** A response in the place of the upstream's. */
export class StopWriter extends Written implements ResponseWriter {
  #headers: AppendableHeaders | undefined;

  /** The headers, where somebody has asked for them. */
  get givenHeaders(): AppendableHeaders | undefined {
    return this.#headers;
  }

  get headers(): AppendableHeaders {
    return (this.#headers ??= new AppendableHeaders());
  }
}
