import type { Plugin } from './plugin.ts';
import { FnError } from '../base/error.ts';
import { Method } from './protocol/a6/method.ts';
import { FRAME } from './protocol/frame.ts';
import type { Entry } from './protocol/message-writer.ts';
import type { Text } from './protocol/text.ts';
import {
  exchange,
  pathOf,
  readRequestReply,
  readResponseReply,
  requestMessage,
  responseMessage,
  textsOf,
  type Use,
} from './testing/apisix-side.ts';

type TestEntry = readonly [name: Text, value: Text | null];

/** Headers or arguments: by their names, or as a list where a name comes several times; null for one without a value. */
export type TestEntries = Readonly<Record<string, Text | null>> | readonly TestEntry[];

/** A request for plugins. */
export interface TestRequest {
  /** The value of the plugin in the route: JSON, or what becomes JSON. */
  readonly conf?: unknown;
  readonly method?: keyof typeof Method;
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
  readonly status?: number;
  readonly headers?: TestEntries;
  readonly body?: Text;
  readonly requestBody?: Text;
}

interface Told {
  /** Variables and bodies that were asked for. */
  readonly asked: readonly string[];
  readonly logged: readonly string[];
}

/** Names and values in their order; null for one that goes. */
type Texts = readonly (readonly [name: string, value: string | null])[];

/** What APISIX does with a request. */
export interface RequestOutcome extends Told {
  /** The response that is sent instead of asking the upstream. */
  readonly stop?: { readonly status: number; readonly headers: Texts; readonly body: Buffer };
  /** What changes of the request, and which headers the response gets. */
  readonly rewrite?: {
    readonly path: string | undefined;
    readonly headers: Texts;
    readonly args: Texts;
    readonly responseHeaders: Texts;
    readonly body: Buffer | undefined;
  };
}

/** What the client gets. */
export interface ResponseOutcome extends Told {
  readonly status: number;
  readonly headers: Texts;
  /** That of the upstream, unless a plugin has replaced it. */
  readonly body: Buffer;
}

/** Several plugins run in their order, each with its own value. */
type Plugins = Plugin | readonly (readonly [plugin: Plugin, conf: unknown])[];

/** Runs the request filters of a plugin, or of several, as the runner does, without APISIX. What they throw is thrown. */
export async function filterRequest(plugins: Plugins, request: TestRequest = {}): Promise<RequestOutcome> {
  const { method = 'GET', path = '/', srcIp = [127, 0, 0, 1], headers = {}, args = {}, vars } = request;
  requireSendable(method, srcIp);
  const message = requestMessage({ method, path, srcIp, headers: entriesOf(headers), args: entriesOf(args) });
  const known = { vars, requestBody: request.body };
  const { reply, asked, logged } = await exchange(FRAME.HTTP_REQUEST, message, usesOf(plugins, request.conf), known);
  const { stop, rewrite } = readRequestReply(reply);
  return {
    asked,
    logged,
    ...(stop && {
      stop: {
        status: stop.status(),
        headers: textsOf({ length: stop.headersLength(), at: (index, entry) => stop.headers(index, entry) }),
        body: bufferOf(stop.bodyArray()),
      },
    }),
    ...(rewrite && {
      rewrite: {
        path: pathOf(rewrite),
        headers: textsOf({ length: rewrite.headersLength(), at: (index, entry) => rewrite.headers(index, entry) }),
        args: textsOf({ length: rewrite.argsLength(), at: (index, entry) => rewrite.args(index, entry) }),
        responseHeaders: textsOf({
          length: rewrite.respHeadersLength(),
          at: (index, entry) => rewrite.respHeaders(index, entry),
        }),
        body: rewrite.bodyLength() === 0 ? undefined : bufferOf(rewrite.bodyArray()),
      },
    }),
  };
}

/** Runs the response filters of a plugin, or of several, as the runner does, without APISIX. What they throw is thrown. */
export async function filterResponse(plugins: Plugins, response: TestResponse = {}): Promise<ResponseOutcome> {
  const { status = 200, headers = {}, body = '', vars, requestBody } = response;
  const message = responseMessage(status, entriesOf(headers));
  const known = { vars, requestBody, responseBody: body };
  const { reply, asked, logged } = await exchange(FRAME.HTTP_RESPONSE, message, usesOf(plugins, response.conf), known);
  const told = readResponseReply(reply);
  return {
    asked,
    logged,
    status: told.status() === 0 ? status : told.status(),
    // One without a value says that all that APISIX had are gone.
    headers: textsOf({ length: told.headersLength(), at: (index, entry) => told.headers(index, entry) }).filter(
      ([, value]) => value !== null,
    ),
    body: told.bodyLength() === 0 ? Buffer.from(body) : bufferOf(told.bodyArray()),
  };
}

/** A request as APISIX sends it; OFN-APISIX-TEST for any other, which JavaScript lets through. */
function requireSendable(method: string, srcIp: unknown): void {
  if (!METHODS.includes(method)) {
    throw unsendable(`the method ${JSON.stringify(method)}`, `Use one of ${METHODS.join(', ')}.`);
  }
  const isBytes = Array.isArray(srcIp) && srcIp.every((byte) => Number.isInteger(byte) && byte >= 0 && byte <= 255);
  if (!isBytes) throw unsendable(`the address ${JSON.stringify(srcIp)}`, 'Give its bytes, such as [10, 0, 0, 1].');
}

const METHODS: readonly string[] = Object.keys(Method);

function unsendable(what: string, hint: string): FnError {
  return new FnError(`Couldn't make the request: APISIX never sends ${what}.`, { code: 'OFN-APISIX-TEST', hint });
}

function usesOf(plugins: Plugins, conf: unknown): Use[] {
  const pairs = 'name' in plugins ? [[plugins, conf] as const] : plugins;
  return pairs.map(([plugin, value]) => ({ plugin, conf: value }));
}

function entriesOf(entries: TestEntries): Entry[] {
  const pairs: readonly TestEntry[] = isList(entries) ? entries : Object.entries(entries);
  return pairs.map(([name, value]) => [name, value ?? undefined]);
}

function isList(entries: TestEntries): entries is Extract<TestEntries, readonly unknown[]> {
  return Array.isArray(entries);
}

function bufferOf(bytes: Uint8Array | null): Buffer {
  return Buffer.from(bytes ?? []);
}
