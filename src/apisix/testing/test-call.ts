import { FnError } from '../../base/error.ts';
import { kindOf } from '../http/refuse.ts';
import { Method } from '../protocol/a6/method.ts';
import type { Entry } from '../protocol/message-writer.ts';
import { bytesOf, textOf, type Text } from '../protocol/text.ts';

type TestEntry = readonly [name: Text, value: Text | null];

/** Headers or arguments: by their names, or as a list, Headers or such where a name comes several times; null for one without a value. */
export type TestEntries = Readonly<Record<string, Text | null>> | Iterable<TestEntry>;

/** A request for plugins. */
export interface TestRequest {
  /** The value of the plugin in the route: JSON, or what becomes JSON. */
  readonly conf?: unknown;
  readonly method?: keyof typeof Method;
  /** The path, decoded and without the query. */
  readonly path?: Text;
  /** Bytes of the peer's address, such as [127, 0, 0, 1]; any other number of them is no address. */
  readonly srcIp?: readonly number[];
  readonly headers?: TestEntries;
  readonly args?: TestEntries;
  readonly body?: Text;
  /** Variables by their names. */
  readonly vars?: Readonly<Record<string, Text>>;
}

/** A response for plugins. */
export interface TestResponse extends Pick<TestRequest, 'conf' | 'vars'> {
  /** From 100 to 599. */
  readonly status?: number;
  readonly headers?: TestEntries;
  readonly body?: Text;
  readonly requestBody?: Text;
}

/** A request as APISIX sends it; OFN-APISIX-TEST for any other, which JavaScript lets through. */
export function requireRequest({ method = 'GET', srcIp = [], path = '/', body, vars }: TestRequest): void {
  if (!METHODS.includes(method)) {
    throw unsendable(`the method ${JSON.stringify(method)}`, `Use one of ${METHODS.join(', ')}.`);
  }
  const isBytes = Array.isArray(srcIp) && srcIp.every((byte) => Number.isInteger(byte) && byte >= 0 && byte <= 255);
  if (!isBytes) throw unsendable(`the address ${JSON.stringify(srcIp)}`, 'Give its bytes, such as [10, 0, 0, 1].');
  requirePath(path);
  requireBody('body', body);
  requireTexts(vars);
}

const METHODS: readonly string[] = Object.keys(Method);

/** A response as APISIX sends it; OFN-APISIX-TEST for any other, which JavaScript lets through. */
export function requireResponse({ status = 200, body, requestBody, vars }: TestResponse): void {
  if (!Number.isInteger(status) || status < 100 || status > 599) {
    throw unsendable(`the status ${JSON.stringify(status)}`, 'Use a whole number from 100 to 599.');
  }
  requireBody('body', body);
  requireBody('requestBody', requestBody);
  requireTexts(vars);
}

/** Headers or arguments as a message has them; OFN-APISIX-TEST for a value that is no text, which JavaScript lets through. */
export function entriesOf(entries: TestEntries = {}): Entry[] {
  const pairs: readonly TestEntry[] = isList(entries) ? [...entries] : Object.entries(entries);
  return pairs.map(([name, value]) => {
    if (value !== null) requireText(String(name), value, VALUE_HINT);
    return [name, value ?? undefined];
  });
}

function isList(entries: TestEntries): entries is Iterable<TestEntry> {
  return Symbol.iterator in entries;
}

function requirePath(path: Text): void {
  requireText('path', path, 'Give a text or bytes.');
  const text = textOf(bytesOf(path));
  if (!text.startsWith('/')) throw unsendable(`the path ${JSON.stringify(text)}`, 'Begin it with a slash.');
  // A path is decoded: one in bytes may have what came as %3F.
  if (typeof path !== 'string' || !path.includes('?')) return;
  const hint = 'Give the query as `args`; a path with a `?` that was encoded is given as bytes.';
  throw unsendable(`the path ${JSON.stringify(text)}`, hint);
}

function requireBody(name: string, body: unknown): void {
  if (body !== undefined) requireText(name, body, 'Give a text or bytes; JSON.stringify makes a text of an object.');
}

function requireTexts(vars: TestRequest['vars'] = {}): void {
  for (const [name, value] of Object.entries(vars)) requireText(name, value, VALUE_HINT);
}

const VALUE_HINT = 'Give a text or bytes; of several values of one name, a list of names and values.';

function requireText(name: string, value: unknown, hint: string): void {
  if (typeof value === 'string' || value instanceof Uint8Array) return;
  throw unsendable(`${kindOf(value)} as "${name}"`, hint);
}

function unsendable(what: string, hint: string): FnError {
  return new FnError(`Couldn't make the call: APISIX never sends ${what}.`, { code: 'OFN-APISIX-TEST', hint });
}
