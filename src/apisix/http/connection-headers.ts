/** The headers that concern one connection alone, or how long its message is: https://www.rfc-editor.org/rfc/rfc9110#section-7.6.1 */
export const OF_CONNECTION: ReadonlySet<string> = new Set([
  'connection',
  'content-length',
  'keep-alive',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
]);
