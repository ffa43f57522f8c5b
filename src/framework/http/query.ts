import { libraries } from './libraries.ts';

/** The path of a request's target: what stands before the query string. */
export function pathOf(url: string): string {
  const start = url.startsWith('/') ? 0 : afterOrigin(url);
  const query = url.indexOf('?', start);
  const hash = url.indexOf('#', start);
  const end = Math.min(query === -1 ? url.length : query, hash === -1 ? url.length : hash);
  return url.slice(start, end) || '/';
}

/** A target in absolute form begins with scheme and host: https://www.rfc-editor.org/rfc/rfc9112#section-3.2.2 */
function afterOrigin(url: string): number {
  const scheme = url.indexOf('://');
  if (scheme === -1) return 0;
  const slash = url.indexOf('/', scheme + 3);
  return slash === -1 ? url.length : slash;
}

/** What Express 4 sets. */
const ARRAY_LIMIT = 1000;

/** The query string in the extended syntax of Express 4: https://www.npmjs.com/package/qs */
export function parseQuery(url: string): Record<string, unknown> {
  const question = url.indexOf('?');
  if (question === -1) return {};
  const hash = url.indexOf('#', question);
  const text = hash === -1 ? url.slice(question + 1) : url.slice(question + 1, hash);
  return text === ''
    ? {}
    : (parsePlain(text) ?? libraries.qs().parse(text, { allowPrototypes: true, arrayLimit: ARRAY_LIMIT }));
}

/** Texts without brackets, repeated names, escapes and anything else special need no library. */
function parsePlain(text: string): Record<string, unknown> | undefined {
  if (!/^[\w.~&=-]+$/.test(text)) return undefined;
  const result: Record<string, unknown> = {};
  const pairs = text.split('&');
  if (pairs.length > 1000) return undefined;
  for (const pair of pairs) {
    const equals = pair.indexOf('=');
    const name = equals === -1 ? pair : pair.slice(0, equals);
    if (name === '__proto__' || Object.hasOwn(result, name)) return undefined;
    if (pair !== '' && name !== '') result[name] = equals === -1 ? '' : pair.slice(equals + 1);
  }
  return result;
}
