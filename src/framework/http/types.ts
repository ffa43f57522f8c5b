/* oxlint-disable typescript/no-explicit-any -- bodies, locals and app settings are whatever users make of them */
import type { IncomingMessage, ServerResponse } from 'node:http';

/** The ranges of a `Range` header, in bytes, with both ends included. */
export type Ranges = { start: number; end: number }[] & { type: string };

/** The little of an Express application that handlers reach through `req.app` and `res.app`. */
export interface App {
  readonly locals: Record<string, any>;
  /** A setting, such as `trust proxy`. */
  get(setting: string): unknown;
  set(setting: string, value: unknown): App;
  enabled(setting: string): boolean;
  disabled(setting: string): boolean;
}

/**
 * A request with the members of Express 4 beside those of Node.js: https://expressjs.com/en/4x/api.html#req.
 * Every member is computed when it is first read.
 */
export interface Request extends IncomingMessage {
  url: string;
  method: string;
  /** The parsed body: `{}` without one; a Buffer for content types that have no parser. */
  body: any;
  /** The bytes of the body, decompressed; undefined without one. */
  rawBody?: Buffer;
  /** The query string in the extended syntax: `a[b]=1` is `{ a: { b: '1' } }`. */
  query: Record<string, any>;
  /** Parameters of the route; `params[0]` is the path without its first slash. */
  params: Record<string, string>;
  readonly path: string;
  originalUrl: string;
  baseUrl: string;
  readonly protocol: string;
  readonly secure: boolean;
  /** The client, by X-Forwarded-For when there is one. */
  readonly ip: string | undefined;
  /** All addresses of X-Forwarded-For, the client first. */
  readonly ips: string[];
  readonly hostname: string | undefined;
  /** Like `hostname`. */
  readonly host: string | undefined;
  readonly subdomains: string[];
  readonly xhr: boolean;
  /** Always false: conditional requests are the function's to answer. */
  readonly fresh: boolean;
  /** Always true. */
  readonly stale: boolean;
  readonly app: App;
  res: Response;
  route: { readonly path: string };
  /** Set by cookie-parser. */
  cookies?: any;
  /** Set by cookie-parser. */
  secret?: string;
  /** The header `function-execution-id`, or an id of its own. */
  readonly executionId: string;
  /** The span of the header `X-Cloud-Trace-Context`, when it has one. */
  readonly spanId: string | undefined;
  /** Aborts with the reason `timeout` when the function's time is up, and `request closed` when the client left. */
  readonly abortController: AbortController;
  get(name: 'set-cookie'): string[] | undefined;
  get(name: string): string | undefined;
  header(name: 'set-cookie'): string[] | undefined;
  header(name: string): string | undefined;
  /** The body's content type out of `types`, or false: https://expressjs.com/en/4x/api.html#req.is */
  is(...types: string[] | [string[]]): string | false | null;
  accepts(): string[];
  accepts(...types: string[] | [string[]]): string | string[] | false;
  acceptsCharsets(...charsets: string[]): string | string[] | false;
  acceptsEncodings(...encodings: string[]): string | string[] | false;
  acceptsLanguages(...languages: string[]): string | string[] | false;
  /** -1 for ranges beyond `size`, -2 for a header that is broken. */
  range(size: number, options?: { readonly combine?: boolean }): Ranges | -1 | -2 | undefined;
  param(name: string, fallback?: unknown): any;
  /** The form of a `multipart/form-data` or urlencoded body, as the web's FormData. */
  formData(): Promise<FormData>;
}

/** What a cookie holds; a table is written as JSON. */
export type CookieValue = string | number | boolean | object;

/** Options of `res.cookie`: https://expressjs.com/en/4x/api.html#res.cookie */
export interface CookieOptions {
  readonly maxAge?: number | null;
  readonly expires?: Date;
  readonly domain?: string;
  readonly path?: string;
  readonly httpOnly?: boolean;
  readonly secure?: boolean;
  readonly signed?: boolean;
  readonly sameSite?: boolean | 'lax' | 'strict' | 'none';
  readonly priority?: 'low' | 'medium' | 'high';
  readonly partitioned?: boolean;
  readonly encode?: (value: string) => string;
}

/** Options of `res.sendFile`: https://expressjs.com/en/4x/api.html#res.sendFile */
export interface SendFileOptions {
  readonly root?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly dotfiles?: 'allow' | 'deny' | 'ignore';
  readonly maxAge?: number | string;
  readonly immutable?: boolean;
  readonly lastModified?: boolean;
  readonly acceptRanges?: boolean;
  readonly cacheControl?: boolean;
}

type Done = (error?: Error) => void;

/** A response with the members of Express 4 beside those of Node.js: https://expressjs.com/en/4x/api.html#res */
export interface Response extends ServerResponse {
  readonly app: App;
  readonly req: any;
  /** Free for the function to use; new for each request. */
  locals: Record<string, any>;
  status(code: number): this;
  sendStatus(code: number): this;
  send(body?: any): this;
  json(body?: any): this;
  jsonp(body?: any): this;
  set(field: string, value: string | number | readonly string[]): this;
  set(fields: Readonly<Record<string, string | number | readonly string[]>>): this;
  header(field: string, value: string | number | readonly string[]): this;
  header(fields: Readonly<Record<string, string | number | readonly string[]>>): this;
  get(field: string): string | number | string[] | undefined;
  append(field: string, value: string | readonly string[]): this;
  type(type: string): this;
  contentType(type: string): this;
  vary(field: string | string[]): this;
  location(url: string): this;
  redirect(url: string): void;
  redirect(status: number, url: string): void;
  links(links: Readonly<Record<string, string>>): this;
  cookie(name: string, value: CookieValue, options?: CookieOptions): this;
  clearCookie(name: string, options?: CookieOptions): this;
  format(handlers: Readonly<Record<string, () => void>>): this;
  attachment(filename?: string): this;
  sendFile(path: string, options?: SendFileOptions | Done, done?: Done): void;
  download(path: string, filename?: string | Done, options?: SendFileOptions | Done, done?: Done): void;
  /** There is no view engine: answers 501. */
  render(view: string, ...rest: unknown[]): void;
}
