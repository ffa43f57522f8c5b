import { libraries } from './libraries.ts';

/** A content type as Express sends it: text and JSON get a charset when they have none. */
export function withDefaultCharset(type: string): string {
  if (/;\s*charset\s*=/.test(type)) return type;
  const media = type.split(';', 1)[0] ?? '';
  return /^text\/|^application\/(?:javascript|json)/.test(media) ? `${type}; charset=utf-8` : type;
}

/** A content type with its charset set to UTF-8, for a body that is text. */
export function withUtf8(type: string): string {
  if (type.endsWith('; charset=utf-8') && type.indexOf(';') === type.length - 15) return type;
  const { parse, format } = libraries.contentType();
  const parsed = parse(type);
  parsed.parameters['charset'] = 'utf-8';
  return format(parsed);
}

/** The content type of a file extension or of a type's short name such as `json`. */
export function lookupType(name: string): string {
  return libraries.send().mime.lookup(name);
}

/** The media type of a header, in lower case and without parameters; empty when there is none. */
export function mediaTypeOf(header: string | undefined): string {
  if (header === undefined) return '';
  const semicolon = header.indexOf(';');
  return (semicolon === -1 ? header : header.slice(0, semicolon)).trim().toLowerCase();
}
