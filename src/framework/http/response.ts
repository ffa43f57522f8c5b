import { extname, resolve } from 'node:path';
import { http } from '../builtin.ts';
import { lookupType, withDefaultCharset, withUtf8 } from './content-type.ts';
import { serializeCookie } from './cookies.ts';
import { escapeHtml, sendErrorPage } from './error-page.ts';
import { libraries } from './libraries.ts';
import { defineLazy, defineMembers } from './members.ts';
import { sendFile, type Done } from './send-file.ts';
import type { App, CookieOptions, CookieValue, Request, Response, SendFileOptions } from './types.ts';

type HeaderValue = string | number | readonly string[];

/** Gives responses the members of Express 4; `prototype` is that of a class of responses, of HTTP/1 or HTTP/2. */
export function defineResponseMembers(prototype: Response, app: App): void {
  defineMembers(prototype, members);
  defineLazy(prototype, 'locals', localsOf);
  Object.defineProperty(prototype, 'app', { value: app, writable: true, configurable: true });
}

/** Upstream's mark of a call that has been answered is there for those who look, and not among the keys. */
function localsOf(res: Response): Record<string, unknown> {
  return Object.defineProperty({}, 'functionExecutionFinished', { get: () => res.writableEnded });
}

const members: object & ThisType<Response> = {
  status(code: number) {
    this.statusCode = code;
    return this;
  },
  sendStatus(code: number) {
    this.statusCode = code;
    this.setHeader('Content-Type', 'text/plain; charset=utf-8');
    return this.send(reasonOf(code));
  },
  send(...args: unknown[]) {
    return send(this, pickBody(this, args, 'send'));
  },
  json(...args: unknown[]) {
    const body = JSON.stringify(pickBody(this, args, 'json'));
    if (this.getHeader('content-type') === undefined) {
      this.setHeader('Content-Type', 'application/json; charset=utf-8');
    }
    return send(this, body);
  },
  jsonp(...args: unknown[]) {
    return sendJsonp(this, JSON.stringify(pickBody(this, args, 'jsonp')));
  },
  set(field: string | Readonly<Record<string, HeaderValue>>, value?: HeaderValue) {
    return setHeaders(this, field, value);
  },
  header(field: string | Readonly<Record<string, HeaderValue>>, value?: HeaderValue) {
    return setHeaders(this, field, value);
  },
  get(field: string) {
    return this.getHeader(field);
  },
  append(field: string, value: string | readonly string[]) {
    const before = this.getHeader(field);
    return this.set(field, before === undefined || before === '' ? value : [before, value].flat().map(String));
  },
  type(type: string) {
    return setHeaders(this, 'Content-Type', type.includes('/') ? type : lookupType(type));
  },
  contentType(type: string) {
    return this.type(type);
  },
  vary(field: string | string[]) {
    if (field.length > 0) libraries.vary()(this, field);
    return this;
  },
  location(url: string) {
    const target = url === 'back' ? (requestOf(this).get('Referrer') ?? '/') : url;
    return this.set('Location', libraries.encodeUrl()(target));
  },
  redirect(...args: [string] | [number, string] | [string, number]) {
    redirect(this, args);
  },
  links(links: Readonly<Record<string, string>>) {
    const before = this.getHeader('link');
    const added = Object.entries(links).map(([rel, url]) => `<${url}>; rel="${rel}"`);
    return this.set('Link', [...(before === undefined ? [] : [before].flat().map(String)), ...added].join(', '));
  },
  cookie(name: string, value: CookieValue, options: CookieOptions = {}) {
    return this.append('Set-Cookie', serializeCookie(name, value, options, requestOf(this).secret));
  },
  clearCookie(name: string, options: CookieOptions = {}) {
    return this.cookie(name, '', { expires: new Date(1), path: '/', ...options });
  },
  format(handlers: Readonly<Record<string, (req: Request, res: Response) => void>>) {
    const req = requestOf(this);
    const keys = Object.keys(handlers).filter((key) => key !== 'default');
    const key = keys.length > 0 ? req.accepts(keys) : false;
    this.vary('Accept');
    if (typeof key === 'string') {
      this.set('Content-Type', key.includes('/') ? (key.split(/ *; */, 1)[0] ?? key) : lookupType(key));
      handlers[key]?.(req, this);
    } else if (handlers['default'] === undefined) {
      sendErrorPage(req, this, 406);
    } else {
      handlers['default'](req, this);
    }
    return this;
  },
  attachment(filename?: string) {
    if (filename !== undefined && filename !== '') this.type(extname(filename));
    return this.set('Content-Disposition', libraries.contentDisposition()(filename));
  },
  sendFile(path: string, options?: SendFileOptions | Done, done?: Done) {
    if (typeof options === 'function') sendFile(this, path, {}, options);
    else sendFile(this, path, options ?? {}, done);
  },
  sendfile(path: string, options?: SendFileOptions | Done, done?: Done) {
    this.sendFile(path, options, done);
  },
  download(path: string, ...rest: readonly (string | null | SendFileOptions | Done | undefined)[]) {
    const name = rest.find((value) => typeof value === 'string') ?? path;
    const done = rest.find((value) => typeof value === 'function');
    const options = rest.find((value) => typeof value === 'object' && value !== null) ?? {};
    const headers = { ...options.headers, 'Content-Disposition': libraries.contentDisposition()(name) };
    sendFile(this, options.root === undefined ? resolve(path) : path, { ...options, headers }, done);
  },
  render() {
    sendErrorPage(requestOf(this), this, 501);
  },
};

function requestOf(res: Response): Request {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- both come from the same server
  return res.req as Request;
}

function reasonOf(code: number): string {
  return http.STATUS_CODES[code] ?? String(code);
}

/** The body of `send(body)` and of the old forms `send(status, body)` and `send(body, status)`. */
function pickBody(res: Response, args: readonly unknown[], method: string): unknown {
  const [first, second] = args;
  if (args.length < 2) return first;
  deprecate(`res.${method}(status, body): Use res.status(status).${method}(body) instead`, `OFN_DEP_${method}_status`);
  if (typeof first !== 'number' && typeof second === 'number') {
    res.statusCode = second;
    return first;
  }
  res.statusCode = Number(first);
  return second;
}

/** Warns of an old form of Express, once for each. */
function deprecate(message: string, code: string): void {
  // oxlint-disable-next-line no-restricted-globals -- loads a part of Node.js that only old forms need
  process.getBuiltinModule('node:util').deprecate(() => {}, message, code)();
}

function send(res: Response, body: unknown): Response {
  if (typeof body === 'string') return sendText(res, body);
  if (body === undefined) return finish(res, undefined);
  if (body === null) return sendText(res, '', false);
  if (typeof body === 'number') {
    deprecate('res.send(status): Use res.sendStatus(status) instead', 'OFN_DEP_send_number');
    if (res.getHeader('content-type') === undefined) res.setHeader('Content-Type', 'text/plain; charset=utf-8');
    res.statusCode = body;
    return send(res, http.STATUS_CODES[body]);
  }
  if (body instanceof Uint8Array && Buffer.isBuffer(body)) {
    if (res.getHeader('content-type') === undefined) res.setHeader('Content-Type', 'application/octet-stream');
    res.setHeader('Content-Length', body.length);
    return finish(res, body);
  }
  if (typeof body === 'object' || typeof body === 'boolean') return res.json(body);
  return finish(res, body);
}

function sendText(res: Response, text: string, typed = true): Response {
  const type = res.getHeader('content-type');
  if (typeof type === 'string') {
    const utf8 = withUtf8(type);
    if (utf8 !== type) res.setHeader('Content-Type', utf8);
  } else if (typed) {
    res.setHeader('Content-Type', 'text/html; charset=utf-8');
  }
  res.setHeader('Content-Length', Buffer.byteLength(text));
  return finish(res, text);
}

/** Ends the response as its status and the request's method want it. */
function finish(res: Response, chunk: unknown): Response {
  const { statusCode } = res;
  let body = chunk;
  if (statusCode === 204 || statusCode === 304) {
    for (const name of ['Content-Type', 'Content-Length', 'Transfer-Encoding']) res.removeHeader(name);
    body = '';
  } else if (statusCode === 205) {
    res.setHeader('Content-Length', '0');
    res.removeHeader('Transfer-Encoding');
    body = '';
  }
  if (requestOf(res).method === 'HEAD') res.end();
  else res.end(body);
  return res;
}

function sendJsonp(res: Response, json: string): Response {
  const asked: unknown = requestOf(res).query['callback'];
  const callback: unknown = Array.isArray(asked) ? asked[0] : asked;
  if (typeof callback !== 'string' || callback === '') {
    if (res.getHeader('content-type') === undefined) {
      res.setHeader('X-Content-Type-Options', 'nosniff');
      res.setHeader('Content-Type', 'application/json; charset=utf-8');
    }
    return send(res, json);
  }
  res.setHeader('X-Content-Type-Options', 'nosniff');
  res.setHeader('Content-Type', 'text/javascript; charset=utf-8');
  const name = callback.replaceAll(/[^[\]\w$.]/g, '');
  // JSON allows two line separators that JavaScript once did not; the comment keeps the text from being taken for Flash.
  const value = (json ?? '').replaceAll('\u2028', String.raw`\u2028`).replaceAll('\u2029', String.raw`\u2029`);
  return send(res, `/**/ typeof ${name} === 'function' && ${name}(${value});`);
}

function setHeaders(
  res: Response,
  field: string | Readonly<Record<string, HeaderValue>>,
  value?: HeaderValue,
): Response {
  if (typeof field !== 'string') {
    for (const [name, one] of Object.entries(field)) setHeaders(res, name, one);
    return res;
  }
  const text = Array.isArray(value) ? value.map(String) : String(value);
  if (field.toLowerCase() !== 'content-type') {
    res.setHeader(field, text);
    return res;
  }
  if (typeof text !== 'string') throw new TypeError('Content-Type cannot be set to an Array');
  res.setHeader(field, withDefaultCharset(text));
  return res;
}

function redirect(res: Response, args: readonly (string | number)[]): void {
  const status = args.find((arg) => typeof arg === 'number') ?? 302;
  const url = args.find((arg) => typeof arg === 'string') ?? '';
  const address = String(res.location(url).getHeader('location'));
  const text = `${reasonOf(status)}. Redirecting to `;
  let body = '';
  res.format({
    text: () => void (body = text + address),
    html: () => void (body = `<p>${text}${escapeHtml(address)}</p>`),
    default: () => {},
  });
  res.statusCode = status;
  res.setHeader('Content-Length', Buffer.byteLength(body));
  res.end(requestOf(res).method === 'HEAD' ? undefined : body);
}
