import type { Log } from '../../base/log.ts';
import type { PluginRequest } from '../plugin.ts';
import { Info } from '../protocol/a6/extra-info/info.ts';
import type { Req } from '../protocol/a6/httpreq-call/req.ts';
import { Encoding } from 'flatbuffers';
import { bytesOf, textOf, type Text } from '../protocol/text.ts';
import { addressOf } from './address.ts';
import { Answers, type Call } from './call.ts';
import { ChangingArguments } from './changing-arguments.ts';
import { receive, receiveHeaders } from './entry-list.ts';
import { AppendableHeaders } from './header-list.ts';
import { requireBody, requirePath } from './refuse.ts';
import { ChangingHeaders } from './request-headers.ts';

/** A request as filters see it; everything is read when somebody asks. */
export class GatewayRequest implements PluginRequest {
  readonly method: string;
  readonly #message: Req;
  readonly #call: Call;
  #answers: Answers | undefined;
  #path: Uint8Array | undefined;
  #newPath: Uint8Array | undefined;
  #headers: ChangingHeaders | undefined;
  #args: ChangingArguments | undefined;
  #responseHeaders: AppendableHeaders | undefined;
  #body: Uint8Array | undefined;

  constructor(message: Req, method: string, call: Call) {
    this.#message = message;
    this.method = method;
    this.#call = call;
  }

  /** What filters have changed; undefined for what they have not. */
  get changed(): {
    readonly path: Uint8Array | undefined;
    readonly headers: ChangingHeaders | undefined;
    readonly args: ChangingArguments | undefined;
    readonly responseHeaders: AppendableHeaders | undefined;
    readonly body: Uint8Array | undefined;
  } {
    const path = this.#newPath;
    // Those of the query are needed as soon as the path changes.
    const args = path === undefined ? this.#args : this.#arguments();
    return { path, headers: this.#headers, args, responseHeaders: this.#responseHeaders, body: this.#body };
  }

  get id(): number {
    return this.#message.id();
  }

  get srcIp(): string | undefined {
    return addressOf(this.#message.srcIpArray() ?? new Uint8Array());
  }

  get signal(): AbortSignal {
    return this.#call.signal;
  }

  get log(): Log {
    return this.#call.log;
  }

  get path(): string {
    return textOf(this.pathBytes);
  }

  set path(path: Text) {
    requirePath(path);
    const bytes = bytesOf(path);
    if (Buffer.compare(bytes, this.pathBytes) === 0) return;
    this.#path = bytes;
    this.#newPath = bytes;
  }

  get pathBytes(): Uint8Array {
    return (this.#path ??= pathOf(this.#message));
  }

  get headers(): ChangingHeaders {
    const message = this.#message;
    return (this.#headers ??= new ChangingHeaders(
      receiveHeaders({ length: message.headersLength(), at: (index, entry) => message.headers(index, entry) }),
    ));
  }

  get args(): ChangingArguments {
    return this.#arguments();
  }

  get responseHeaders(): AppendableHeaders {
    return (this.#responseHeaders ??= new AppendableHeaders());
  }

  var(name: string): Promise<string | undefined> {
    return this.#ask().variable(name);
  }

  varBytes(name: string): Promise<Buffer | undefined> {
    return this.#ask().variableBytes(name);
  }

  body(): Promise<Buffer | undefined> {
    if (this.#body === undefined) return this.#ask().body(Info.ReqBody);
    return Promise.resolve(Buffer.from(this.#body));
  }

  setBody(body: Text): void {
    requireBody(body);
    this.#body = bytesOf(body);
  }

  #ask(): Answers {
    return (this.#answers ??= new Answers(this.#call));
  }

  #arguments(): ChangingArguments {
    const message = this.#message;
    return (this.#args ??= new ChangingArguments(
      receive({ length: message.argsLength(), at: (index, entry) => message.args(index, entry) }),
    ));
  }
}

function pathOf(message: Req): Uint8Array {
  return bytesOf(message.path(Encoding.UTF8_BYTES) ?? '');
}
