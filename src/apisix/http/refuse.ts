import { FnError } from '../../base/error.ts';
import { binaryOf, bytesOf, textOf, type Text } from '../protocol/text.ts';

/** https://www.rfc-editor.org/rfc/rfc9110#name-tokens */
const TOKEN = /^[!#$%&'*+\-.^_`|~\dA-Za-z]+$/;
// oxlint-disable-next-line no-control-regex -- these are what must not be in a header
const BREAKS = /[\r\n\0]/;

/** A text or bytes, as `method` takes them; OFN-APISIX-REPLY for anything else, which JavaScript lets through. */
export function requireText(method: string, value: unknown): asserts value is Text {
  if (typeof value === 'string' || value instanceof Uint8Array) return;
  throw new FnError(`Couldn't take ${kindOf(value)} in ${method}: it is neither a text nor bytes.`, {
    code: 'OFN-APISIX-REPLY',
    hint: 'Give it a string, or a Uint8Array, such as a Buffer; JSON.stringify makes a text of an object.',
  });
}

/** What a value is, without what is in it: that may be a secret. */
export function kindOf(value: unknown): string {
  if (value === null || value === undefined) return String(value);
  if (typeof value === 'number' || typeof value === 'boolean') return `the ${typeof value} ${value}`;
  if (typeof value !== 'object') return `a ${typeof value}`;
  const name: unknown = Reflect.get(Object(Reflect.get(value, 'constructor')), 'name');
  return typeof name === 'string' && name !== '' ? `an object of the kind ${name}` : 'an object';
}

/** The status of a response: one that clients take as the last; OFN-APISIX-REPLY for any other. */
export function requireStatus(status: number): void {
  if (Number.isInteger(status) && status >= 200 && status <= 599) return;
  throw refusal(`the status ${JSON.stringify(status)}`, 'Use a whole number from 200 to 599.');
}

/** Whether HTTP allows a header. */
export function isHeader(name: string, value: Text): boolean {
  return TOKEN.test(name) && !BREAKS.test(typeof value === 'string' ? value : binaryOf(value));
}

/** A header as HTTP allows it, as `method` takes it; OFN-APISIX-REPLY for any other. */
export function requireHeader(method: string, name: string, value: Text): void {
  requireText(method, name);
  requireText(method, value);
  if (isHeader(name, value)) return;
  if (!TOKEN.test(name)) throw refusal(`a header named ${JSON.stringify(name)}`, 'Use letters, digits and -.');
  throw refusal(`the value of ${name}`, 'Take line breaks and NUL out of it.');
}

const SLASH = 0x2f;

/** A path that APISIX can rewrite to; OFN-APISIX-REPLY for any other. */
export function requirePath(path: Text): void {
  requireText('path', path);
  if (path[0] === '/' || path[0] === SLASH) return;
  throw refusal(
    `the path ${JSON.stringify(textOf(bytesOf(path)))}`,
    'Begin it with a slash, decoded and without a query.',
  );
}

/** A body of a request; OFN-APISIX-REPLY for one without a byte, which means an unchanged one to APISIX. */
export function requireBody(body: Text): void {
  requireText('setBody', body);
  if (body.length > 0) return;
  throw refusal('an empty body of a request', 'Send a body of at least one byte, or leave it as it is.');
}

function refusal(what: string, hint: string): FnError {
  return new FnError(`Couldn't tell APISIX ${what}: the protocol has no place for it.`, {
    code: 'OFN-APISIX-REPLY',
    hint,
  });
}
