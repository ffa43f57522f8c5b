import { FnError } from '../../base/error.ts';
import type { Text } from '../protocol/text.ts';

/** https://www.rfc-editor.org/rfc/rfc9110#name-tokens */
const TOKEN = /^[!#$%&'*+\-.^_`|~\dA-Za-z]+$/;
// oxlint-disable-next-line no-control-regex -- these are what must not be in a header
const BREAKS = /[\r\n\0]/;

/** The status of a response: one that clients take as the last; OFN-APISIX-REPLY for any other. */
export function requireStatus(status: number): void {
  if (Number.isInteger(status) && status >= 200 && status <= 599) return;
  throw refusal(`the status ${status}`, 'Use a whole number from 200 to 599.');
}

/** A header as HTTP allows it; OFN-APISIX-REPLY for any other. */
export function requireHeader(name: string, value: Text): void {
  if (!TOKEN.test(name)) throw refusal(`a header named ${JSON.stringify(name)}`, 'Use letters, digits and -.');
  const text = typeof value === 'string' ? value : Buffer.from(value).toString('latin1');
  if (BREAKS.test(text)) throw refusal(`the value of ${name}`, 'Take line breaks and NUL out of it.');
}

/** A path that APISIX can rewrite to; OFN-APISIX-REPLY for any other. */
export function requirePath(path: string): void {
  if (path.startsWith('/')) return;
  throw refusal(`the path ${JSON.stringify(path)}`, 'Begin it with a slash, decoded and without a query.');
}

/** A body of a request; OFN-APISIX-REPLY for one without a byte, which means an unchanged one to APISIX. */
export function requireBody(body: Text): void {
  if (body.length > 0) return;
  throw refusal('an empty body of a request', 'Send a body of at least one byte, or leave it as it is.');
}

function refusal(what: string, hint: string): FnError {
  return new FnError(`Couldn't tell APISIX ${what}: the protocol has no place for it.`, {
    code: 'OFN-APISIX-REPLY',
    hint,
  });
}
