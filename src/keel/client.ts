import { readIdentity, type Identity } from './identity.ts';
import { messageOf } from '../base/error.ts';
import { KeelError } from './keel-error.ts';
import { isRemoteStatus, type RemoteStatus } from './status.ts';
import { isTable, type Table } from '../base/table.ts';
import { parseJson } from '../base/json.ts';

/** How a plugin is called. */
export interface KeelCall {
  /** POST with a body, GET without. */
  readonly verb?: string;
  /** Sent as JSON; bytes as they are. */
  readonly body?: unknown;
  readonly query?: Readonly<Record<string, string>>;
  readonly headers?: Readonly<Record<string, string>>;
  /** The header Authorization, with its scheme if it has one; that of the request being handled when it is left out. */
  readonly token?: string;
}

/** Calls the platform and other plugins through Keel; a `ret` other than 0 is a KeelError. */
export interface KeelClient {
  /** Calls an endpoint of a plugin, or of the platform by its plugin; gives the answer, `ret` and `msg` with it. */
  readonly callPlugin: (pluginId: string, endpoint: string, call?: KeelCall) => Promise<Table>;
  /** Calls what other plugins have registered at an extension point of this one. */
  readonly callAddon: (addon: string, call?: KeelCall) => Promise<Table>;
  /** Asks a plugin who it is, in either dialect. */
  readonly identify: (pluginId: string, call?: Pick<KeelCall, 'token'>) => Promise<Identity>;
  /** Asks a plugin how it is; tkeel 0.1.0 also knows STOPPED. */
  readonly status: (pluginId: string, call?: Pick<KeelCall, 'token'>) => Promise<RemoteStatus>;
}

/** What goes to the sidecar; its type is that of the framework's client. */
export interface SidecarCall {
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array;
}

/** How a client reaches Keel. */
export interface Transport {
  readonly send: (call: SidecarCall) => Promise<{ readonly status: number; readonly body: Uint8Array }>;
  /** The token of the request that the running code handles. */
  readonly token: () => string | undefined;
}

/** Everything goes by way of the router: its app-id is part of the contract. */
const ROUTER = '/v1.0/invoke/keel/method/';

/** Makes a client. */
export function createClient({ send, token: runningToken }: Transport): KeelClient {
  const call = async (parts: readonly string[], options: KeelCall): Promise<Table> => {
    const name = parts.join('/');
    const path = ROUTER + pathOf(parts, name) + queryOf(options.query);
    const authorization = options.token ?? tokenIn(options.headers) ?? runningToken();
    if (authorization === undefined || authorization === '') throw withoutToken(name);
    // What a header can't carry; the token itself is never told.
    if (/[^\t\u0020-\u00FF]/.test(authorization)) throw withBadToken(name);
    const { headers, body } = payloadOf(options.body);
    const method = options.verb ?? (body === undefined ? 'GET' : 'POST');
    const all = { ...headers, ...withoutTokens(options.headers), authorization };
    return accepted(name, await send({ method, path, headers: all, ...(body !== undefined && { body }) }));
  };
  const ask = async (pluginId: string, what: string, { token }: Pick<KeelCall, 'token'>): Promise<Table> =>
    call([pluginId, 'v1', what], token === undefined ? {} : { token });
  return {
    callPlugin: (pluginId, endpoint, options = {}) =>
      call([pluginId, ...endpoint.replace(/^\//, '').split('/')], options),
    callAddon: (addon, options = {}) => call(['addons', addon], options),
    async identify(pluginId, options = {}) {
      const identity = identityIn(await ask(pluginId, 'identify', options), pluginId);
      if (identity.pluginId === pluginId) return identity;
      throw unusable(`${pluginId}/v1/identify`, `it says that it is "${identity.pluginId}"`, 200);
    },
    async status(pluginId, options = {}) {
      const { status } = await ask(pluginId, 'status', options);
      if (isRemoteStatus(status)) return status;
      throw unusable(`${pluginId}/v1/status`, `${JSON.stringify(status)} is no status`, 200);
    },
  };
}

/** Names are opaque, but they can not lead anywhere else, however the slashes in them are read on their way. */
function pathOf(segments: readonly string[], name: string): string {
  const leadsAway = segments.some((segment) => segment.split(/[\\/]/).some((part) => part === '.' || part === '..'));
  if (leadsAway || segments.slice(0, 2).includes('')) {
    throw new KeelError(`Couldn't call ${JSON.stringify(name)} through Keel: that is no path of a plugin.`, {
      code: 'OFN-KEEL-CALL',
      hint: 'Give the id of a plugin and its endpoint, for example callPlugin("acme-mail", "send").',
    });
  }
  return segments.map((segment) => encodeURIComponent(segment)).join('/');
}

function queryOf(query: KeelCall['query']): string {
  const text = new URLSearchParams(query).toString();
  return text === '' ? '' : `?${text}`;
}

function payloadOf(body: unknown): { readonly headers: Record<string, string>; readonly body?: string | Uint8Array } {
  if (body === undefined) return { headers: {} };
  if (body instanceof Uint8Array) return { headers: { 'content-type': 'application/octet-stream' }, body };
  return { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) };
}

/** The rules of Keel: the status is 200, and `ret` is 0. */
function accepted(name: string, { status, body }: { readonly status: number; readonly body: Uint8Array }): Table {
  const value = parseJson(Buffer.from(body).toString());
  const answer: Table = isTable(value) ? value : {};
  const ret = Number.isSafeInteger(answer['ret']) ? Number(answer['ret']) : undefined;
  const msg = typeof answer['msg'] === 'string' ? answer['msg'] : undefined;
  if (status === 200 && ret === 0) return answer;
  if (ret === undefined)
    throw unusable(name, status === 200 ? 'it has no "ret" that is a number' : `its status is ${status}`, status);
  const answered = ret === 0 ? `status ${status}` : `ret ${ret}`;
  throw new KeelError(`Couldn't call ${name} through Keel: it answered ${answered}, ${msg ?? 'without a message'}.`, {
    code: 'OFN-KEEL-CALL',
    hint: "The message is the other side's own: correct the call, or what it complains of.",
    status,
    ret,
    msg,
  });
}

function identityIn(answer: Table, pluginId: string): Identity {
  try {
    return readIdentity(answer);
  } catch (error) {
    throw unusable(`${pluginId}/v1/identify`, messageOf(error), 200);
  }
}

/** The header Authorization, however its name is written. */
function tokenIn(headers: KeelCall['headers']): string | undefined {
  return Object.entries(headers ?? {}).find(([name]) => name.toLowerCase() === 'authorization')?.[1];
}

function withoutTokens(headers: KeelCall['headers']): Record<string, string> {
  return Object.fromEntries(Object.entries(headers ?? {}).filter(([name]) => name.toLowerCase() !== 'authorization'));
}

function withBadToken(name: string): KeelError {
  return new KeelError(`Couldn't call ${name} through Keel: the token has characters that a header can't carry.`, {
    code: 'OFN-KEEL-TOKEN',
    hint: 'Give the token as it was issued, without line breaks.',
  });
}

function unusable(name: string, why: string, status: number): KeelError {
  return new KeelError(`Couldn't use the answer of ${name} through Keel: ${why}.`, {
    code: 'OFN-KEEL-CALL',
    hint: 'Look whether the plugin is registered and running, and answers JSON with "ret" and "msg".',
    status,
  });
}

function withoutToken(name: string): KeelError {
  return new KeelError(`Couldn't call ${name} through Keel: there is no token.`, {
    code: 'OFN-KEEL-TOKEN',
    hint: 'Call it while a request with an Authorization header is handled, or give the call a "token".',
  });
}
