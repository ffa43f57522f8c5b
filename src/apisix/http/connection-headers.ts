/** The headers that concern one connection alone, or how long its message is: https://www.rfc-editor.org/rfc/rfc9110#section-7.6.1 */
export const OF_CONNECTION: ReadonlySet<string> = new Set([
  'connection',
  'content-length',
  'keep-alive',
  'proxy-authenticate',
  'proxy-authorization',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
]);

/** Names in lower case, and those that the values of a header Connection name as well. */
export function withNamed(names: ReadonlySet<string>, connection: readonly string[]): ReadonlySet<string> {
  if (connection.length === 0) return names;
  return new Set([...names, ...connection.flatMap((value) => value.toLowerCase().split(/[\s,]+/))]);
}
