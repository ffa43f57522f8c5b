import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { onTestFinished } from 'vitest';
import { startDaprd, type Daprd, type DaprdOptions } from './daprd.ts';

/** What went to a plugin, and what came back. */
export interface KeelExchange {
  /** Method, app-id and path. */
  readonly line: string;
  readonly authorization: string | undefined;
  readonly sent: unknown;
  readonly status: number;
  readonly contentType: string | null;
  /** The header Authorization of the answer. */
  readonly returned: string | null;
  readonly answer: Fields;
}

/** A JSON object. */
export type Fields = Readonly<Record<string, unknown>>;

/** What the platform says. */
export interface KeelOutcome {
  readonly ret: number;
  readonly msg: string;
}

/** A small Keel: it registers plugins as tkeel 0.1.0 does, and routes what plugins call. */
export interface KeelRouter {
  readonly daprd: Daprd;
  /** The only token it takes. */
  readonly token: string;
  /** All that went through it since it was last asked. */
  exchanges(): KeelExchange[];
  /** Asks a plugin who it is, the plugins it extends whether it may, and its status. */
  register(id: string): Promise<KeelOutcome>;
  /** Calls a path of a plugin, as the platform does. */
  ask(id: string, path: string, call?: { readonly method?: string; readonly body?: string }): Promise<KeelExchange>;
  /** Asks for a plugin's status once more. */
  refresh(id: string): Promise<unknown>;
}

interface Registered {
  readonly points: readonly unknown[];
  readonly extends: readonly { readonly point: unknown; readonly endpoint: string }[];
  status: unknown;
}

interface Inner {
  readonly plugins: Map<string, Registered>;
  readonly ask: KeelRouter['ask'];
}

const TOKEN = 'Bearer of the test';

/** Starts it beside a sidecar of its own, as the app `keel`. */
export async function startKeelRouter(options: Pick<DaprdOptions, 'hostIp'> = {}): Promise<KeelRouter> {
  const plugins = new Map<string, Registered>();
  const exchanges: KeelExchange[] = [];
  const starting = Promise.withResolvers<Daprd>();
  const ask: KeelRouter['ask'] = async (id, path, { method = 'GET', body } = {}) => {
    const { url } = await starting.promise;
    const type = body === undefined ? {} : { 'content-type': 'application/json' };
    const init = { method, headers: { authorization: TOKEN, ...type }, ...(body === undefined ? {} : { body }) };
    const response = await fetch(`${url}/v1.0/invoke/${id}/method/${path}`, init);
    const exchange = {
      line: `${method} ${id}/${path}`,
      authorization: TOKEN,
      sent: body === undefined ? undefined : parse(body),
      status: response.status,
      contentType: response.headers.get('content-type'),
      returned: response.headers.get('authorization'),
      answer: parse(await response.text()) as Fields,
    };
    exchanges.push(exchange);
    return exchange;
  };
  const server = createServer((req, res) => {
    void route(req, { plugins, ask }).then(({ status, answer }) =>
      res.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(answer)),
    );
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  onTestFinished(() => void server.close());
  const daprd = await startDaprd({ ...options, appId: 'keel', appPort: (server.address() as AddressInfo).port });
  await daprd.waitReady();
  starting.resolve(daprd);
  return {
    daprd,
    token: TOKEN,
    ask,
    exchanges: () => exchanges.splice(0),
    register: (id) => register(id, { plugins, ask }),
    async refresh(id) {
      const { answer } = await ask(id, 'v1/status');
      const plugin = plugins.get(id);
      if (plugin !== undefined) plugin.status = answer['status'];
      return answer['status'];
    },
  };
}

async function route(req: IncomingMessage, { plugins, ask }: Inner): Promise<{ status: number; answer: unknown }> {
  const body = await text(req);
  if (req.headers.authorization !== TOKEN) return { status: 401, answer: { ret: -401, msg: 'the token is not valid' } };
  const target = find(plugins, req.url ?? '/');
  if ('ret' in target) return { status: -target.ret, answer: target };
  const { status, answer } = await ask(target.id, target.path, {
    method: req.method ?? 'GET',
    ...(body === '' ? {} : { body }),
  });
  return { status, answer };
}

/** Where a request of a plugin goes: `/addons/{point}` or `/{plugin}/{endpoint}`. */
function find(
  plugins: Map<string, Registered>,
  url: string,
): KeelOutcome | { readonly id: string; readonly path: string } {
  const { pathname, search } = new URL(url, 'http://keel');
  const [, first = '', ...rest] = pathname.split('/');
  if (first === 'addons') {
    const point = decodeURIComponent(rest.join('/'));
    for (const [id, plugin] of plugins) {
      const found = plugin.extends.find((one) => one.point === point);
      if (found !== undefined) return { id, path: found.endpoint.replace(/^\//, '') + search };
    }
    return { ret: -404, msg: `nobody extends ${point}` };
  }
  const plugin = plugins.get(first);
  if (plugin === undefined) return { ret: -404, msg: `no plugin ${first}` };
  if (plugin.status !== 'ACTIVE' && plugin.status !== 'STARTING')
    return { ret: -400, msg: `${first} is ${String(plugin.status)}` };
  return { id: first, path: rest.join('/') + search };
}

/** https://github.com/tkeel-io/tkeel/tree/v0.1.0/pkg/plugins: the plugin is only known when every step went well. */
async function register(id: string, { plugins, ask }: Inner): Promise<KeelOutcome> {
  const { answer } = await ask(id, 'v1/identify');
  if (answer['ret'] !== 0 || answer['plugin_id'] !== id)
    return { ret: -400, msg: 'the identity is not that of the plugin' };
  const offered = list(answer['addons'] ?? answer['addons_points']);
  const mains = list(answer['main_plugin'] ?? answer['main_plugins']);
  const plugin = { id, version: answer['version'] };
  for (const main of mains) {
    const endpoint = endpointsOf(main).map(({ point, endpoint }) => ({ addons_point: point, endpoint }));
    const body = JSON.stringify({ plugin, endpoint });
    const checked = await ask(String(main['id']), 'v1/addons/identify', { method: 'POST', body });
    if (checked.answer['ret'] !== 0) return { ret: -400, msg: String(checked.answer['msg']) };
  }
  const { answer: health } = await ask(id, 'v1/status');
  plugins.set(id, {
    points: offered.map((one) => one['endpoint'] ?? one['addons_point']),
    extends: mains.flatMap(endpointsOf),
    status: health['status'],
  });
  return { ret: 0, msg: 'ok' };
}

function endpointsOf(main: Fields): { readonly point: unknown; readonly endpoint: string }[] {
  return list(main['endpoints']).map((one) => ({
    point: one['addons'] ?? one['addons_point'],
    endpoint: String(one['endpoint']),
  }));
}

function list(value: unknown): readonly Fields[] {
  return Array.isArray(value) ? value : [];
}

function parse(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return body;
  }
}
