/** What the name of a header is made of, and that of baggage: https://www.rfc-editor.org/rfc/rfc9110#section-5.6.2 */
const TOKEN = /^[!#$%&'*+\-.^_`|~\w]+$/;

/** https://www.rfc-editor.org/rfc/rfc9110#section-5.5 */
const VALUE = /^[\t\u0020-\u007E]*$/;

/** Whether a text may be the name of a header. */
export function isToken(name: string): boolean {
  return TOKEN.test(name);
}

/** Whether it may be the value of one. */
export function isHeaderValue(value: unknown): boolean {
  return typeof value === 'string' && VALUE.test(value);
}
