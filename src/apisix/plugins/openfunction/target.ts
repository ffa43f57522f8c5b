import type { Arguments } from '../../plugin.ts';
import { binaryOf } from '../../protocol/text.ts';
import type { OpenFunctionConf } from './conf.ts';

/** What a URL says as it is, as encodeURIComponent has it, of texts with a character for each byte. */
const TO_ENCODE = /[^A-Za-z0-9\-_.!~*'()]/g;

/**
 * The path and the query that a function is called with, a character for each byte. `rest` is the bytes that the `*` of
 * the route stands for, undefined where it has none.
 */
export function targetOf(
  address: URL,
  { isStrict }: OpenFunctionConf,
  rest: Uint8Array | undefined,
  args: Arguments,
): string {
  const path =
    rest === undefined ? address.pathname : join(address.pathname, isStrict ? binaryOf(rest) : encodePath(rest));
  const query = queryOf(args);
  // APISIX drops the query of the address, and leaves the mark of an empty one.
  if (isStrict) return `${path}?${query}`;
  const both = [address.search.slice(1), query].filter((part) => part !== '').join('&');
  return both === '' ? path : `${path}?${both}`;
}

/** Whether a path can stand in the first line of a request: a blank would end it, and what is below is no text. */
export function isSendable(target: string): boolean {
  return /^[\x21-\x7e\x80-\xff]*$/.test(target);
}

/** What of a path is behind the route's own part of it; undefined when that is nothing. */
export function restBehind(prefix: string, path: Uint8Array): Uint8Array | undefined {
  const own = Buffer.from(`${prefix}/`);
  return own.equals(path.subarray(0, own.length)) ? path.subarray(own.length) : undefined;
}

function join(path: string, rest: string): string {
  return path.endsWith('/') || rest.startsWith('/') ? `${path}${rest}` : `${path}/${rest}`;
}

function encodePath(path: Uint8Array): string {
  return binaryOf(path).split('/').map(encode).join('/');
}

function queryOf(args: Arguments): string {
  const parts = [...args.byteEntries()].map(([name, value]) =>
    value === null ? encode(binaryOf(name)) : `${encode(binaryOf(name))}=${encode(binaryOf(value))}`,
  );
  return parts.join('&');
}

function encode(text: string): string {
  return text.replaceAll(TO_ENCODE, (byte) => `%${byte.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`);
}
