import { decodePercent } from '../../framework/percent.ts';
import { isToken } from '../header.ts';

/** What travels with a trace, by name: https://www.w3.org/TR/baggage/ */
export type Baggage = Readonly<Record<string, string>>;

/** Members and bytes that everybody has to pass on: https://www.w3.org/TR/baggage/#limits */
const MOST_MEMBERS = 64;
const MOST_BYTES = 8192;

/** Reads the header; properties of members are left out. */
export function parseBaggage(header: string): Record<string, string> {
  const members: [string, string][] = [];
  for (const member of header.split(',')) {
    const [pair = ''] = member.split(';');
    const at = pair.indexOf('=');
    if (at > 0) members.push([pair.slice(0, at).trim(), decodePercent(pair.slice(at + 1).trim())]);
  }
  return Object.fromEntries(members.slice(0, MOST_MEMBERS));
}

/** Writes the header, of names that can stand in one; empty when there is nothing to say. */
export function formatBaggage(baggage: Baggage): string {
  let header = '';
  const members = Object.entries(baggage).filter(([name]) => isToken(name));
  for (const [name, value] of members.slice(0, MOST_MEMBERS)) {
    const member = `${header === '' ? '' : ','}${name}=${encodeURIComponent(value.toWellFormed())}`;
    if (header.length + member.length <= MOST_BYTES) header += member;
  }
  return header;
}
