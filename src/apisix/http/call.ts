import type { Log } from '../../base/log.ts';
import { Info } from '../protocol/a6/extra-info/info.ts';
import { textOf } from '../protocol/text.ts';
import { requireText } from './refuse.ts';

/** What APISIX can be asked for while it waits for an answer. */
export interface Question {
  readonly info: Info;
  /** The name of a variable. */
  readonly name?: string;
}

/** The call that a filter runs in. */
export interface Call {
  /** Aborted when APISIX waits no longer. */
  readonly signal: AbortSignal;
  readonly log: Log;
  /** Asks APISIX; several questions may be on their way. Undefined for what there is not; OFN-APISIX-CLOSED. */
  ask(question: Question): Promise<Buffer | undefined>;
}

/** What APISIX was asked for in one call: everything once, as it has a body of a response only once. */
export class Answers {
  readonly #call: Call;
  #variables: Map<string, Promise<Buffer | undefined>> | undefined;
  #requestBody: Promise<Buffer | undefined> | undefined;
  #responseBody: Promise<Buffer | undefined> | undefined;

  constructor(call: Call) {
    this.#call = call;
  }

  /** A variable as a text. */
  async variable(name: string): Promise<string | undefined> {
    const bytes = await this.variableBytes(name);
    return bytes === undefined ? undefined : textOf(bytes);
  }

  /** A variable as it came. */
  variableBytes(name: string): Promise<Buffer | undefined> {
    requireText('var', name);
    const variables = (this.#variables ??= new Map());
    const asked = variables.get(name) ?? this.#call.ask({ info: Info.Var, name });
    variables.set(name, asked);
    return asked;
  }

  /** The body of the request or of the response. */
  body(info: typeof Info.ReqBody | typeof Info.RespBody): Promise<Buffer | undefined> {
    if (info === Info.ReqBody) return (this.#requestBody ??= this.#call.ask({ info }));
    return (this.#responseBody ??= this.#call.ask({ info }));
  }
}
