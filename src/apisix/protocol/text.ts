import { isUtf8 } from 'node:buffer';

/** A text, or the bytes of one that is not UTF-8. */
export type Text = string | Uint8Array;

/** U+FFFD, which decoders put where bytes are no UTF-8. */
export const REPLACEMENT = '\uFFFD';

/** UTF-8 with a character for each byte: what is a character, or one of the bytes that are none. */
const CHARACTERS =
  /[\xc2-\xdf][\x80-\xbf]|\xe0[\xa0-\xbf][\x80-\xbf]|[\xe1-\xec\xee\xef][\x80-\xbf]{2}|\xed[\x80-\x9f][\x80-\xbf]|\xf0[\x90-\xbf][\x80-\xbf]{2}|[\xf1-\xf3][\x80-\xbf]{3}|\xf4[\x80-\x8f][\x80-\xbf]{2}|[^]/g;

/** The characters of UTF-8, each as its bytes in a text of a character for each byte; bytes that are none stand alone. */
export function charactersOf(bytes: Buffer): readonly string[] {
  return bytes.toString('latin1').match(CHARACTERS) ?? [];
}

/** UTF-8 as a text, with U+FFFD for each byte that is none, as Go's JSON has it. */
export function repairedTextOf(text: Text): string {
  if (typeof text === 'string') return text;
  const bytes = viewOf(text);
  return isUtf8(bytes) ? bytes.toString('utf8') : charactersOf(bytes).map(decoded).join('');
}

function decoded(character: string): string {
  return Buffer.from(character, 'latin1').toString('utf8');
}

/** Bytes as a text: UTF-8, and where they are none, a character for each byte. */
export function textOf(text: Text): string {
  if (typeof text === 'string') return text;
  const view = viewOf(text);
  const found = textWithin(view, 0, view.length);
  return typeof found === 'string' ? found : view.toString('latin1');
}

/** The bytes from one place to another: as a string where that stands for the very same bytes, which UTF-8 does. */
export function textWithin(bytes: Buffer, start: number, end: number): Text {
  const text = bytes.toString('utf8', start, end);
  if (!text.includes(REPLACEMENT)) return text;
  const view = bytes.subarray(start, end);
  return isUtf8(view) ? text : view;
}

/** A text with a character for each byte: of UTF-8, or of the bytes as they are. */
export function binaryOf(text: Text): string {
  return viewOf(bytesOf(text)).toString('latin1');
}

/** A text as bytes, which are taken as they are. */
export function bytesOf(text: Text): Uint8Array {
  return typeof text === 'string' ? Buffer.from(text, 'utf8') : text;
}

/** The same memory. */
function viewOf(bytes: Uint8Array): Buffer {
  return Buffer.isBuffer(bytes) ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
