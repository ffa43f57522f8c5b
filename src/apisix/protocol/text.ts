import { isUtf8 } from 'node:buffer';

/** A text, or the bytes of one that is not UTF-8. */
export type Text = string | Uint8Array;

/** U+FFFD, which decoders put where bytes are no UTF-8. */
const REPLACEMENT = '\uFFFD';

/** Bytes as a text: UTF-8, and where they are none, a character for each byte. */
export function textOf(bytes: Uint8Array): string {
  const view = Buffer.isBuffer(bytes) ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const text = view.toString('utf8');
  return text.includes(REPLACEMENT) && !isUtf8(view) ? view.toString('latin1') : text;
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
