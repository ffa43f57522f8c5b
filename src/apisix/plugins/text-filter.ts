import { RE2JS } from 're2js';
import { charactersOf, REPLACEMENT } from '../protocol/text.ts';

/** Finds a part of a text, by its bytes; undefined where there is none. */
export type Finder = (text: Buffer) => Buffer | undefined;

/**
 * Finds what a pattern of Go (https://pkg.go.dev/regexp/syntax) matches first, in a time that grows with the
 * text and the pattern, and no faster. U+FFFD stands for bytes that are no UTF-8 too. Throws what says why it is no pattern.
 */
export function finderOf(regex: string): Finder {
  if (RE2JS.quote(regex) === regex && !regex.includes(REPLACEMENT)) return findLiteral(Buffer.from(regex));
  const pattern = RE2JS.compile(regex);
  return (text) => {
    const matcher = pattern.matcher(text);
    return matcher.find() ? text.subarray(matcher.start(), matcher.end()) : undefined;
  };
}

function findLiteral(literal: Buffer): Finder {
  return (text) => (text.includes(literal) ? literal : undefined);
}

/** A text with a part of it replaced where it stands first. */
export function replaceFirst(text: Buffer, found: Buffer, replacement: Buffer): Buffer {
  const start = text.indexOf(found);
  return Buffer.concat([text.subarray(0, start), replacement, text.subarray(start + found.length)]);
}

/** A text with a part of it replaced wherever it stands. Nothing stands in front of each character, and at the end. */
export function replaceAll(text: Buffer, found: Buffer, replacement: Buffer): Buffer {
  if (found.length === 0) {
    return Buffer.from(['', ...charactersOf(text), ''].join(replacement.toString('latin1')), 'latin1');
  }
  const pieces: Buffer[] = [];
  let from = 0;
  for (let at = text.indexOf(found); at !== -1; at = text.indexOf(found, from)) {
    pieces.push(text.subarray(from, at), replacement);
    from = at + found.length;
  }
  return Buffer.concat([...pieces, text.subarray(from)]);
}
