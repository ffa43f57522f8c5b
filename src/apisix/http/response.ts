import type { Log } from '../../base/log.ts';
import type { PluginResponse } from '../plugin.ts';
import { Info } from '../protocol/a6/extra-info/info.ts';
import type { Req } from '../protocol/a6/httpresp-call/req.ts';
import { Answers, type Call } from './call.ts';
import { receiveHeaders } from './entry-list.ts';
import { AppendableHeaders } from './header-list.ts';
import { Written } from './response-writer.ts';
import { bytesOf, type Text } from '../protocol/text.ts';

/** A response as filters see it. */
export class GatewayResponse implements PluginResponse {
  /** What filters give. */
  readonly written: Written = new Written();
  readonly headers: AppendableHeaders;
  readonly #message: Req;
  readonly #call: Call;
  #answers: Answers | undefined;
  #isEnded = false;

  constructor(message: Req, call: Call) {
    this.#message = message;
    this.#call = call;
    this.headers = new AppendableHeaders(
      receiveHeaders({ length: message.headersLength(), at: (index, entry) => message.headers(index, entry) }),
    );
  }

  /** Whether a filter keeps those behind from running. */
  get isEnded(): boolean {
    return this.#isEnded;
  }

  /** Whether a filter has changed anything. */
  get isChanged(): boolean {
    return this.written.isWritten || this.headers.isChanged;
  }

  get id(): number {
    return this.#message.id();
  }

  get status(): number {
    return this.written.status ?? this.#message.status();
  }

  get signal(): AbortSignal {
    return this.#call.signal;
  }

  get log(): Log {
    return this.#call.log;
  }

  var(name: string): Promise<string | undefined> {
    return this.#ask().variable(name);
  }

  varBytes(name: string): Promise<Buffer | undefined> {
    return this.#ask().variableBytes(name);
  }

  body(): Promise<Buffer | undefined> {
    const { body } = this.written;
    return body === undefined ? this.#ask().body(Info.RespBody) : Promise.resolve(Buffer.from(bytesOf(body)));
  }

  writeHeader(status: number): void {
    this.written.writeHeader(status);
  }

  write(chunk: Text): void {
    this.written.write(chunk);
  }

  end(): void {
    this.#isEnded = true;
  }

  #ask(): Answers {
    return (this.#answers ??= new Answers(this.#call));
  }
}
