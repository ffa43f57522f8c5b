import type { Log } from '../base/log.ts';
import type { Text } from './protocol/text.ts';

/** Headers by their names, whose case does not matter; several of one name keep their order. */
export interface Headers {
  /** The first value. */
  get(name: string): string | undefined;
  /** All values. */
  values(name: string): string[];
  has(name: string): boolean;
  /** Names as they came and values, in their order. */
  entries(): IterableIterator<[name: string, value: string]>;
  /** All values as they came, which need not be UTF-8. */
  bytes(name: string): Uint8Array[];
}

/** Headers of a request, of which APISIX takes one value for each name. */
export interface RequestHeaders extends Headers {
  /** Gives a header one value; `host` also says which host the upstream is asked for. */
  set(name: string, value: Text): void;
  delete(name: string): void;
}

/** Headers of a response. */
export interface ResponseHeaders extends RequestHeaders {
  /** Adds a value to those that are there. */
  append(name: string, value: Text): void;
}

/** The query of a request, decoded. A name that is no UTF-8 is meant by its bytes. */
export interface Arguments {
  /** The first value; the empty text for a name without one (`?flag`). */
  get(name: Text): string | undefined;
  values(name: Text): string[];
  /** All values as they came, which need not be UTF-8. */
  bytes(name: Text): Uint8Array[];
  has(name: Text): boolean;
  /** Names and values; null for a name without one. */
  entries(): IterableIterator<[name: string, value: string | null]>;
  /** The same as they came. */
  byteEntries(): IterableIterator<[name: Uint8Array, value: Uint8Array | null]>;
  /** Replaces all values of a name. */
  set(name: Text, ...values: Text[]): void;
  append(name: Text, value: Text): void;
  delete(name: Text): void;
}

/** What both filters can ask for. */
export interface Exchange {
  /** The number of the request, for logs: 0 is one. */
  readonly id: number;
  /** Aborted when APISIX waits no longer: after 56 seconds, or when it has closed the connection. */
  readonly signal: AbortSignal;
  readonly log: Log;
  /** A variable of nginx or APISIX, such as `remote_addr` or `route_id`; undefined for one that is not set. */
  var(name: string): Promise<string | undefined>;
  /** The same as it came, which need not be UTF-8. */
  varBytes(name: string): Promise<Buffer | undefined>;
  /** The whole body, as it came or as filters have made it, and the same bytes for all who ask; undefined where there is none. */
  body(): Promise<Buffer | undefined>;
}

/** A request on its way to the upstream. What is not changed stays exactly as it came. */
export interface PluginRequest extends Exchange {
  readonly method: string;
  /** The address of the peer; undefined where it is no IP address. */
  readonly srcIp: string | undefined;
  /** The path, decoded and without the query; begins with a slash. */
  get path(): string;
  set path(path: Text);
  /** The path as it came, or was set, which need not be UTF-8. */
  readonly pathBytes: Uint8Array;
  readonly headers: RequestHeaders;
  readonly args: Arguments;
  /** Headers that the coming response gets in addition to those of the upstream. */
  readonly responseHeaders: ResponseHeaders;
  /** Replaces the body; an empty one can't be told. */
  setBody(body: Text): void;
}

/** A response in the place of the upstream's: a status or a body ends the request. */
export interface ResponseWriter {
  /** Headers of the response; alone they end nothing. */
  readonly headers: ResponseHeaders;
  /** Sets the status, from 200 to 599; the first call counts. */
  writeHeader(status: number): void;
  /** Adds to the body. */
  write(chunk: Text): void;
}

/** A response of the upstream on its way to the client. */
export interface PluginResponse extends Exchange {
  /** The status: that of the upstream until one is written. */
  readonly status: number;
  readonly headers: ResponseHeaders;
  /** Sets the status, from 200 to 599; the first call counts. */
  writeHeader(status: number): void;
  /** Replaces the body by all that is written; what is empty replaces nothing. */
  write(chunk: Text): void;
  /** Keeps the plugins behind from running. */
  end(): void;
}

/** A plugin of APISIX. Filters may be async; what they throw is a 503 for the client. */
export interface Plugin<Conf = unknown> {
  /** The name by which routes mention it. */
  readonly name: string;
  /** Reads the value of a route, once for each change of it; JSON.parse when left out. It must not wait for anything. */
  parseConf?(value: string): Conf;
  /** Runs in `ext-plugin-pre-req` and `ext-plugin-post-req`. */
  requestFilter?(conf: Conf, writer: ResponseWriter, request: PluginRequest): void | Promise<void>;
  /** Runs in `ext-plugin-post-resp`. */
  responseFilter?(conf: Conf, response: PluginResponse): void | Promise<void>;
  /** Frees what a parsed value holds, when no route has it any more. */
  dispose?(conf: Conf): void | Promise<void>;
}

/**
 * Gives a plugin its types; it is what was given.
 * @example samples/apisix-plugin
 */
export function definePlugin<Conf>(plugin: Plugin<Conf>): Plugin<Conf> {
  return plugin;
}
