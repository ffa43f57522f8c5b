import { FRAME } from './protocol/frame.ts';
import type { Step } from './server/conf-cache.ts';
import {
  exchange,
  pathOf,
  readRequestReply,
  readResponseReply,
  requestMessage,
  responseMessage,
  textsOf,
} from './testing/apisix-side.ts';
import { ParsedValues, type Plugins } from './testing/parsed-values.ts';
import {
  entriesOf,
  requireRequest,
  requireResponse,
  type TestRequest,
  type TestResponse,
} from './testing/test-call.ts';

export type { TestEntries, TestRequest, TestResponse } from './testing/test-call.ts';

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

/** A route of APISIX, whose plugins keep what they have made of their values from call to call. */
export interface TestRoute {
  /** Runs the request filters. What they throw is thrown. */
  filterRequest(request?: Omit<TestRequest, 'conf'>): Promise<RequestOutcome>;
  /** Runs the response filters. What they throw is thrown. */
  filterResponse(response?: Omit<TestResponse, 'conf'>): Promise<ResponseOutcome>;
  /** Lets plugins free what they hold, once, as when the route changes. The first that they throw is thrown when all have. */
  close(): Promise<void>;
}

/**
 * Parses the value of a plugin, or those of a list of pairs of plugins and values, for any number of calls, as the runner does,
 * without APISIX. What they throw is thrown; OFN-APISIX-PLUGIN for what is no plugin, OFN-APISIX-TEST for what is no such list.
 */
export function openRoute(plugins: Plugins, conf?: unknown): TestRoute {
  const values = new ParsedValues();
  try {
    const steps = values.parse(plugins, conf);
    return {
      filterRequest: (request = {}) => requestThrough(steps, request),
      filterResponse: (response = {}) => responseThrough(steps, response),
      close: () => values.free(),
    };
  } catch (error) {
    values.free().catch(() => {});
    throw error;
  }
}

/** Runs the request filters of a plugin, or of several, as the runner does, without APISIX. What they throw is thrown. */
export async function filterRequest(plugins: Plugins, request: TestRequest = {}): Promise<RequestOutcome> {
  return once(plugins, request.conf, (steps) => requestThrough(steps, request));
}

/** Runs the response filters of a plugin, or of several, as the runner does, without APISIX. What they throw is thrown. */
export async function filterResponse(plugins: Plugins, response: TestResponse = {}): Promise<ResponseOutcome> {
  return once(plugins, response.conf, (steps) => responseThrough(steps, response));
}

/** Makes a call with values of its own. What it throws counts before what freeing them throws. */
async function once<Outcome>(
  plugins: Plugins,
  conf: unknown,
  call: (steps: readonly Step[]) => Promise<Outcome>,
): Promise<Outcome> {
  const values = new ParsedValues();
  try {
    const outcome = await call(values.parse(plugins, conf));
    await values.free();
    return outcome;
  } catch (error) {
    await values.free().catch(() => {});
    throw error;
  }
}

async function requestThrough(steps: readonly Step[], request: TestRequest): Promise<RequestOutcome> {
  requireRequest(request);
  const { method = 'GET', path = '/', srcIp = [127, 0, 0, 1], headers, args, vars } = request;
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
  requireResponse(response);
  const { status = 200, headers, body = '', vars, requestBody } = response;
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

function bufferOf(bytes: Uint8Array | null): Buffer {
  return Buffer.from(bytes ?? []);
}
