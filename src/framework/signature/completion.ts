import type { Log } from '../../base/log.ts';
import type { CloudEvent } from '../functions.ts';
import { isThenable } from '../http/exchange.ts';
import type { Response } from '../http/types.ts';

/** Answers a call with what its function gave: nothing is 204, a CloudEvent goes out in binary mode, an error is thrown. */
export function complete(res: Response, result: unknown, log: Log): void {
  if (res.headersSent || res.writableEnded) return;
  if (result instanceof Error) throw result;
  if (result === undefined || result === null) {
    res.status(204).end();
  } else if (isCloudEvent(result)) {
    replyWith(res, result);
  } else {
    sendValue(res, result, log);
  }
}

/** What can't be written as JSON is logged and answered with 204: the function itself succeeded. */
function sendValue(res: Response, result: unknown, log: Log): void {
  try {
    if (typeof result === 'number') res.json(result);
    else res.send(typeof result === 'bigint' ? refuseBigInt() : result);
  } catch (error) {
    log.error(`Error serializing return value: ${String(error)}`);
    res.removeHeader('content-type');
    res.status(204).end();
  }
}

function refuseBigInt(): never {
  throw new TypeError('Do not know how to serialize a BigInt');
}

/** A function that calls back at its end: resolves with its result; a second call is logged. */
export function callWithCallback(
  call: (callback: (error?: unknown, result?: unknown) => void) => unknown,
  log: Log,
): Promise<unknown> {
  const { promise, resolve, reject } = Promise.withResolvers<unknown>();
  let called = false;
  const returned = call((error, result) => {
    if (called) {
      log.warn('Ignoring extra callback call');
      return;
    }
    called = true;
    if (error) reject(error);
    else resolve(result);
  });
  // An async function that takes a callback may still reject.
  if (isThenable(returned)) returned.then(undefined, reject);
  return promise;
}

function isCloudEvent(value: unknown): value is CloudEvent {
  if (typeof value !== 'object' || value === null) return false;
  const required = ['specversion', 'id', 'source', 'type'] as const;
  const event: Readonly<Record<string, unknown>> & object = { ...pick(value, required) };
  return required.every((name) => typeof event[name] === 'string');
}

function pick(value: object, names: readonly string[]): Record<string, unknown> {
  return Object.fromEntries(names.map((name) => [name, name in value ? Reflect.get(value, name) : undefined]));
}

/** Binary content mode: https://github.com/cloudevents/spec/blob/v1.0.2/cloudevents/bindings/http-protocol-binding.md */
function replyWith(res: Response, event: CloudEvent): void {
  const { data, data_base64: base64, datacontenttype, ...attributes } = event;
  for (const [name, value] of Object.entries(attributes)) {
    const isAttribute = ['string', 'number', 'boolean'].includes(typeof value) || value instanceof Date;
    if (isAttribute && /^[a-z0-9]+$/.test(name)) res.setHeader(`ce-${name}`, encodeHeader(textOf(value)));
  }
  const body = base64 === undefined ? data : Buffer.from(base64, 'base64');
  if (body === undefined) {
    res.setHeader('Content-Length', 0);
    res.end();
    return;
  }
  const isBytes = Buffer.isBuffer(body);
  const isText = typeof body === 'string' && datacontenttype !== undefined && !isJson(datacontenttype);
  res.setHeader('Content-Type', datacontenttype ?? (isBytes ? 'application/octet-stream' : 'application/json'));
  const payload = isBytes || isText ? body : JSON.stringify(body);
  res.setHeader('Content-Length', Buffer.byteLength(payload));
  res.end(payload);
}

function isJson(type: string): boolean {
  return /^[^;]*[/+]json\s*(?:;|$)/.test(type);
}

function textOf(value: unknown): string {
  return value instanceof Date ? value.toISOString() : String(value);
}

/** Header values are percent-encoded as section 3.1.3.2 of the binding says. */
function encodeHeader(text: string): string {
  return text.replaceAll(/[^\u0021\u0023-\u0024\u0026-\u007E]/gu, (char) => encodeURIComponent(char));
}
