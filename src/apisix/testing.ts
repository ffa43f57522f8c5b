import type { Plugin } from './plugin.ts';
import { byName } from './plugins-by-name.ts';
import { FnError } from '../base/error.ts';
import { Method } from './protocol/a6/method.ts';
import { FRAME } from './protocol/frame.ts';
import type { Entry } from './protocol/message-writer.ts';
import { bytesOf, textOf, type Text } from './protocol/text.ts';
import type { Step } from './server/conf-cache.ts';
import {
  exchange,
  pathOf,
  readRequestReply,
  readResponseReply,
  requestMessage,
  responseMessage,
  stepsOf,
  textsOf,
  type Use,
} from './testing/apisix-side.ts';

type TestEntry = readonly [name: Text, value: Text | null];

/** Headers or arguments: by their names, or as a list, Headers or such where a name comes several times; null for one without a value. */
export type TestEntries = Readonly<Record<string, Text | null>> | Iterable<TestEntry>;

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

/** A route of APISIX, whose plugins keep what they have made of their values from call to call. */
export interface TestRoute {
  /** Runs the request filters. What they throw is thrown. */
  filterRequest(request?: Omit<TestRequest, 'conf'>): Promise<RequestOutcome>;
  /** Runs the response filters. What they throw is thrown. */
  filterResponse(response?: Omit<TestResponse, 'conf'>): Promise<ResponseOutcome>;
  /** Lets plugins free what they hold, as when the route changes. */
  close(): Promise<void>;
}

/**
 * Parses the value of a plugin, or those of several, for any number of calls, as the runner does, without APISIX. What they
 * throw is thrown; OFN-APISIX-PLUGIN for what is no plugin.
 */
export function openRoute(plugins: Plugins, conf?: unknown): TestRoute {
  const steps = stepsOf(usesOf(plugins, conf));
  return {
    filterRequest: (request = {}) => requestThrough(steps, request),
    filterResponse: (response = {}) => responseThrough(steps, response),
    async close() {
      for (const step of steps) await step.plugin.dispose?.(step.conf);
    },
  };
}

/** Runs the request filters of a plugin, or of several, as the runner does, without APISIX. What they throw is thrown. */
export async function filterRequest(plugins: Plugins, request: TestRequest = {}): Promise<RequestOutcome> {
  return once(openRoute(plugins, request.conf), (route) => route.filterRequest(request));
}

/** Runs the response filters of a plugin, or of several, as the runner does, without APISIX. What they throw is thrown. */
export async function filterResponse(plugins: Plugins, response: TestResponse = {}): Promise<ResponseOutcome> {
  return once(openRoute(plugins, response.conf), (route) => route.filterResponse(response));
}

async function once<Outcome>(route: TestRoute, call: (route: TestRoute) => Promise<Outcome>): Promise<Outcome> {
  try {
    return await call(route);
  } finally {
    await route.close();
  }
}

async function requestThrough(steps: readonly Step[], request: TestRequest): Promise<RequestOutcome> {
  const { method = 'GET', path = '/', srcIp = [127, 0, 0, 1], headers = {}, args = {}, vars } = request;
  requireSendable(method, srcIp, path);
  requireTexts(vars);
  const message = requestMessage({ method, path, srcIp, headers: entriesOf(headers), args: entriesOf(args) });
  const known = { vars, requestBody: request.body };
  const { reply, asked, logged } = await exchange(FRAME.HTTP_REQUEST, message, steps, known);
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

async function responseThrough(steps: readonly Step[], response: TestResponse): Promise<ResponseOutcome> {
  const { status = 200, headers = {}, body = '', vars, requestBody } = response;
  requireTexts(vars);
  const message = responseMessage(status, entriesOf(headers));
  const known = { vars, requestBody, responseBody: body };
  const { reply, asked, logged } = await exchange(FRAME.HTTP_RESPONSE, message, steps, known);
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
function requireSendable(method: string, srcIp: unknown, path: Text): void {
  if (!METHODS.includes(method)) {
    throw unsendable(`the method ${JSON.stringify(method)}`, `Use one of ${METHODS.join(', ')}.`);
  }
  const isBytes = Array.isArray(srcIp) && srcIp.every((byte) => Number.isInteger(byte) && byte >= 0 && byte <= 255);
  if (!isBytes) throw unsendable(`the address ${JSON.stringify(srcIp)}`, 'Give its bytes, such as [10, 0, 0, 1].');
  requireText('path', path);
  if (!textOf(bytesOf(path)).startsWith('/'))
    throw unsendable(`the path ${JSON.stringify(path)}`, 'Begin it with a slash.');
}

const METHODS: readonly string[] = Object.keys(Method);

function unsendable(what: string, hint: string): FnError {
  return new FnError(`Couldn't make the request: APISIX never sends ${what}.`, { code: 'OFN-APISIX-TEST', hint });
}

function isPair(plugins: Plugins): plugins is Exclude<Plugins, Plugin> {
  return Array.isArray(plugins);
}

/** OFN-APISIX-PLUGIN for what is no plugin. */
function usesOf(plugins: Plugins, conf: unknown): Use[] {
  const pairs = isPair(plugins) ? plugins : [[plugins, conf] as const];
  for (const [plugin] of pairs) byName([plugin]);
  return pairs.map(([plugin, value]) => ({ plugin, conf: value }));
}

/** OFN-APISIX-TEST for a value that is no text, which JavaScript lets through. */
function entriesOf(entries: TestEntries): Entry[] {
  const pairs: readonly TestEntry[] = isList(entries) ? [...entries] : Object.entries(entries);
  return pairs.map(([name, value]) => {
    if (value !== null) requireText(name, value);
    return [name, value ?? undefined];
  });
}

function requireText(name: unknown, value: unknown): void {
  if (typeof value === 'string' || value instanceof Uint8Array) return;
  const hint = 'Give a text or bytes; of several values of one name, a list of names and values.';
  throw unsendable(`${JSON.stringify(value)} as "${String(name)}"`, hint);
}

function requireTexts(vars: TestRequest['vars'] = {}): void {
  for (const [name, value] of Object.entries(vars)) requireText(name, value);
}

function isList(entries: TestEntries): entries is Iterable<TestEntry> {
  return Symbol.iterator in entries;
}

function bufferOf(bytes: Uint8Array | null): Buffer {
  return Buffer.from(bytes ?? []);
}
