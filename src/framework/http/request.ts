import { makeExecutionId } from './execution.ts';
import { addressesOf, hostOf, protocolOf, withoutPort } from './forwarded.ts';
import { libraries } from './libraries.ts';
import { defineLazy, defineMembers } from './members.ts';
import { decodePercent } from '../percent.ts';
import { parseQuery, pathOf } from './query.ts';
import type { Request } from './types.ts';

const SPAN = /^\w+\/(\d+)(?:;o=.+)?$/;
const ROUTE = Object.freeze({ path: '/*' });

/** Gives requests the members of Express 4; `prototype` is that of a class of requests, of HTTP/1 or HTTP/2. */
export function defineRequestMembers(prototype: Request): void {
  defineMembers(prototype, members);
  defineLazy(prototype, 'body', () => ({}));
  defineLazy(prototype, 'query', (req) => parseQuery(req.url));
  defineLazy(prototype, 'params', (req) => ({ '0': decodePercent(pathOf(req.url).slice(1)) }));
  defineLazy(prototype, 'originalUrl', (req) => req.url);
  defineLazy(prototype, 'baseUrl', () => '');
  defineLazy(prototype, 'route', () => ROUTE);
  defineLazy(prototype, 'abortController', (req) => abortOnClose(req));
  defineLazy(prototype, 'executionId', (req) => req.get('function-execution-id') ?? makeExecutionId());
}

/** A controller that aborts when the client leaves before the response has ended. */
function abortOnClose({ res }: Request): AbortController {
  const controller = new AbortController();
  res.once('close', () => {
    if (!res.writableFinished) controller.abort('request closed');
  });
  return controller;
}

const members: object & ThisType<Request> = {
  get path() {
    return pathOf(this.url);
  },
  get protocol() {
    return protocolOf(this);
  },
  get secure() {
    return this.protocol === 'https';
  },
  get ip() {
    return addressesOf(this).at(-1);
  },
  get ips() {
    return addressesOf(this).slice(1).toReversed();
  },
  get hostname() {
    const host = hostOf(this);
    return host === undefined ? undefined : withoutPort(host);
  },
  /** Express 4 leaves the port out, as from `hostname`. */
  get host() {
    return this.hostname;
  },
  get subdomains() {
    const { hostname } = this;
    if (hostname === undefined || hostname === '' || isAddress(hostname)) return [];
    return hostname.split('.').toReversed().slice(2);
  },
  get xhr() {
    return this.get('X-Requested-With')?.toLowerCase() === 'xmlhttprequest';
  },
  get fresh() {
    return false;
  },
  get stale() {
    return true;
  },
  get app() {
    return this.res.app;
  },
  get spanId() {
    return SPAN.exec(this.get('x-cloud-trace-context') ?? '')?.[1];
  },
  get(name: string) {
    return header(this, name);
  },
  header(name: string) {
    return header(this, name);
  },
  is(...types: [string[]] | string[]) {
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- both forms are what type-is takes
    return libraries.typeIs()(this, types.flat());
  },
  accepts(...types: [string[]] | string[]) {
    return libraries.accepts()(this).types(types.flat());
  },
  acceptsCharsets(...charsets: string[]) {
    return libraries.accepts()(this).charsets(charsets.flat());
  },
  acceptsEncodings(...encodings: string[]) {
    return libraries.accepts()(this).encodings(encodings.flat());
  },
  acceptsLanguages(...languages: string[]) {
    return libraries.accepts()(this).languages(languages.flat());
  },
  acceptsCharset(...charsets: string[]) {
    return this.acceptsCharsets(...charsets);
  },
  acceptsEncoding(...encodings: string[]) {
    return this.acceptsEncodings(...encodings);
  },
  acceptsLanguage(...languages: string[]) {
    return this.acceptsLanguages(...languages);
  },
  range(size: number, options?: Parameters<Request['range']>[1]) {
    const ranges = this.get('range');
    return ranges === undefined ? undefined : libraries.rangeParser()(size, ranges, options);
  },
  param(name: string, fallback?: unknown) {
    for (const from of [this.params, this.body, this.query]) {
      if (isTable(from) && Object.hasOwn(from, name) && from[name] !== undefined) return from[name];
    }
    return fallback;
  },
  async formData() {
    const headers = { 'content-type': this.get('content-type') ?? '' };
    return new globalThis.Response(this.rawBody === undefined ? null : new Uint8Array(this.rawBody), {
      headers,
    }).formData();
  },
};

function header(req: Request, name: unknown): string | string[] | undefined {
  if (typeof name !== 'string' || name === '') throw new TypeError('name argument is required to req.get');
  const lower = name.toLowerCase();
  if (lower === 'referer' || lower === 'referrer') return req.headers['referrer'] ?? req.headers.referer;
  return req.headers[lower];
}

function isAddress(host: string): boolean {
  return host.startsWith('[') || /^\d{1,3}(?:\.\d{1,3}){3}$/.test(host);
}

function isTable(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}
