import { isUtf8 } from 'node:buffer';

/** A text, or the bytes of one that is not UTF-8. */
export type Text = string | Uint8Array;

/** U+FFFD, which decoders put where bytes are no UTF-8. */
const REPLACEMENT = '\uFFFD';

/** Bytes as a text: UTF-8, and where they are none, a character for each byte. */
export function textOf(text: Text): string {
  if (typeof text === 'string') return text;
  const view = Buffer.isBuffer(text) ? text : Buffer.from(text.buffer, text.byteOffset, text.byteLength);
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
  const bytes = bytesOf(text);
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1');
}

/** A text as bytes, which are taken as they are. */
export function bytesOf(text: Text): Uint8Array {
  return typeof text === 'string' ? Buffer.from(text, 'utf8') : text;
}
