import { mediaTypeOf } from './content-type.ts';
import { libraries } from './libraries.ts';
import type { BodyMode } from './endpoint.ts';
import type { BodyProblem } from './read-body.ts';
import { replay, replayWhenRead } from './replay.ts';
import type { Request } from './types.ts';

type Parsed = { readonly value: unknown } | BodyProblem;

const PARAMETER_LIMIT = 1000;
const FORM_DEPTH = 32;
/** What JSON may begin with, as body-parser in its strict mode has it: an object or an array. */
const STRICT_START = /^[ \t\n\r]*[[{]/;

/**
 * Sets `body` and `rawBody` from the bytes: JSON, text and forms parsed, anything else as a Buffer. The stream is made
 * readable again, for applications that parse it by themselves. Gives what is wrong with the bytes, if anything.
 */
export function parseBody(req: Request, bytes: Buffer, mode: BodyMode): BodyProblem | undefined {
  const type = req.headers['content-type'];
  // Clients announce empty bodies with methods that could have one.
  if (type === undefined && bytes.length === 0) return undefined;
  const media = mediaTypeOf(type);
  req.rawBody = bytes;
  markParsed(req);
  const parser = mode === 'bytes' ? undefined : parserOf(media, mode);
  if (parser === undefined) {
    req.body = bytes;
    if (mode === 'bytes') replayWhenRead(req, bytes);
    else replay(req, bytes);
    return undefined;
  }
  const parsed = parser(bytes, charsetOf(type));
  if ('status' in parsed) return parsed;
  req.body = parsed.value;
  if (mode === 'parsed') replayWhenRead(req, bytes);
  return undefined;
}

/** body-parser's own mark, for one in the function's application to leave the body alone. */
function markParsed(req: Request & { _body?: boolean }): void {
  req._body = true;
}

function parserOf(media: string, mode: BodyMode): ((bytes: Buffer, charset: string | undefined) => Parsed) | undefined {
  if (media === 'application/json' || media === 'application/cloudevents+json') {
    return mode === 'event' ? parseAnyJson : parseJson;
  }
  if (media === 'text/plain') return parseText;
  if (media === 'application/x-www-form-urlencoded') return parseForm;
  return undefined;
}

function parseJson(bytes: Buffer, charset?: string): Parsed {
  return readJson(bytes, charset, STRICT_START);
}

function parseAnyJson(bytes: Buffer, charset?: string): Parsed {
  return readJson(bytes, charset);
}

function readJson(bytes: Buffer, charset = 'utf-8', start?: RegExp): Parsed {
  const text = charset.startsWith('utf-') ? decode(bytes, charset) : undefined;
  if (text === undefined) return unsupportedCharset(charset);
  if (bytes.length === 0) return { value: {} };
  if (start?.test(text) === false) return { status: 400, message: 'the JSON is no object and no array' };
  try {
    return { value: JSON.parse(text) };
  } catch (error) {
    return { status: 400, message: String(error) };
  }
}

function parseText(bytes: Buffer, charset = 'utf-8'): Parsed {
  const value = decode(bytes, charset);
  return value === undefined ? unsupportedCharset(charset) : { value };
}

/** Forms in the extended syntax: https://www.npmjs.com/package/qs */
function parseForm(bytes: Buffer, charset = 'utf-8'): Parsed {
  if (charset !== 'utf-8') return unsupportedCharset(charset);
  const text = bytes.toString();
  const count = text === '' ? 0 : text.split('&', PARAMETER_LIMIT + 1).length;
  if (count > PARAMETER_LIMIT) return { status: 413, message: 'too many parameters' };
  if (count === 0) return { value: {} };
  try {
    const limits = { arrayLimit: Math.max(100, count), depth: FORM_DEPTH, parameterLimit: PARAMETER_LIMIT };
    return { value: libraries.qs().parse(text, { allowPrototypes: true, strictDepth: true, ...limits }) };
  } catch (error) {
    return { status: 400, message: String(error) };
  }
}

function charsetOf(type: string | undefined): string | undefined {
  if (type === undefined || !type.includes('charset')) return undefined;
  try {
    return libraries.contentType().parse(type).parameters['charset']?.toLowerCase();
  } catch {
    return undefined;
  }
}

function decode(bytes: Buffer, charset: string): string | undefined {
  if (charset === 'utf-8' || charset === 'utf8') {
    const text = bytes.toString();
    return text.codePointAt(0) === 0xfe_ff ? text.slice(1) : text;
  }
  if (charset === 'iso-8859-1' || charset === 'latin1') return bytes.toString('latin1');
  const bigEndian = charset === 'utf-16' && bytes[0] === 0xfe && bytes[1] === 0xff;
  try {
    return new TextDecoder(bigEndian ? 'utf-16be' : charset).decode(bytes);
  } catch {
    return undefined;
  }
}

function unsupportedCharset(charset: string): BodyProblem {
  return { status: 415, message: `unsupported charset "${charset.toUpperCase()}"` };
}
