import { OF_CONNECTION, withNamed } from '../../http/connection-headers.ts';
import { binaryOf } from '../../protocol/text.ts';
import type { Headers } from '../../plugin.ts';
import type { OpenFunctionConf } from './conf.ts';

/** What concerns one connection alone, and what is said anew for the function. */
const NOT_FORWARDED: ReadonlySet<string> = new Set([...OF_CONNECTION, 'expect', 'host']);

/** The headers that a function gets: names and values in turn, a character for each byte. */
export function headersFor(address: URL, conf: OpenFunctionConf, headers: Headers): string[] {
  const left = withNamed(NOT_FORWARDED, headers.values('connection'));
  const list = ['host', conf.hostHeader ?? address.hostname];
  if (conf.authorization !== undefined) list.push('authorization', conf.authorization);
  const names = new Set([...headers.entries()].map(([name]) => name.toLowerCase()));
  if (conf.authorization !== undefined) names.delete('authorization');
  for (const name of names) {
    if (left.has(name)) continue;
    for (const value of headers.bytes(name)) list.push(name, binaryOf(value));
  }
  return list;
}
