import { OF_CONNECTION } from '../../http/connection-headers.ts';
import type { Headers } from '../../plugin.ts';
import type { OpenFunctionConf } from './conf.ts';

/** What concerns one connection alone, and what is said anew for the function. */
const NOT_FORWARDED: ReadonlySet<string> = new Set([...OF_CONNECTION, 'expect', 'host']);

/** The headers that a function gets: names and values in turn, a character for each byte. */
export function headersFor(address: URL, conf: OpenFunctionConf, headers: Headers): string[] {
  const hops = new Set(headers.values('connection').flatMap((value) => value.toLowerCase().split(/[\s,]+/)));
  const list = ['host', conf.hostHeader ?? address.hostname];
  if (conf.authorization !== undefined) list.push('authorization', conf.authorization);
  const names = new Set([...headers.entries()].map(([name]) => name.toLowerCase()));
  if (conf.authorization !== undefined) names.delete('authorization');
  for (const name of names) {
    if (NOT_FORWARDED.has(name) || hops.has(name)) continue;
    for (const value of headers.bytes(name)) list.push(name, Buffer.from(value).toString('latin1'));
  }
  return list;
}

const NOT_RETURNED: ReadonlySet<string> = new Set(['connection', 'content-length', 'keep-alive', 'transfer-encoding']);

/** Whether a header of a function's response goes to the client. */
export function isReturned(name: string): boolean {
  return !NOT_RETURNED.has(name.toLowerCase());
}
