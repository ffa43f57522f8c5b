import { messageOf } from '../../base/error.ts';
import { textOf } from '../table.ts';
import { ApiError } from './api-error.ts';
import type { ApiAnswer, ApiRequest, ApiRoute } from './api.ts';
import type { AppChannel } from './app-channel.ts';

/** Stands for another app: it gets the call's method, query, headers and body, its URL being `http://<app-id>/<method>`. */
export type AppHandler = (request: Request) => Response | Promise<Response>;

const PATH = /^\/v1\.0\/invoke\/([^/]+)\/method\/(.*)$/;

/** https://docs.dapr.io/reference/api/service_invocation_api/; what no other route takes may be a call by header. */
export function invokeRoutes(
  channelOf: (appId: string) => AppChannel | undefined,
  handlers: Readonly<Record<string, AppHandler>>,
): ApiRoute[] {
  const call = async (appId: string, request: ApiRequest): Promise<ApiAnswer> => {
    const channel = channelOf(appId);
    const handler = handlers[appId];
    try {
      if (channel !== undefined) return await channel.invoke(request);
      if (handler !== undefined) return await answerOf(handler, appId, request);
    } catch (error) {
      throw failure(appId, messageOf(error));
    }
    throw failure(appId, `failed to resolve address for '${appId}': no such app is attached to the fake sidecar`);
  };
  return [
    {
      methods: 'GET HEAD POST PUT DELETE PATCH OPTIONS',
      path: PATH,
      // The method's own escapes are passed on as they are.
      handle: (request, [appId = '']) => call(appId, { ...request, path: PATH.exec(request.path)?.[2] ?? '' }),
    },
    {
      methods: 'GET HEAD POST PUT DELETE PATCH OPTIONS',
      path: /^/,
      handle(request) {
        const appId = textOf(request.headers['dapr-app-id']);
        if (appId !== '') return call(appId, { ...request, path: request.path.slice(1) });
        const message = 'failed getting app id either from the URL path or the header dapr-app-id';
        throw new ApiError(404, 'ERR_DIRECT_INVOKE', message);
      },
    },
  ];
}

async function answerOf(handler: AppHandler, appId: string, request: ApiRequest): Promise<ApiAnswer> {
  const { method, path, query, body } = request;
  const url = new URL(`http://${encodeURIComponent(appId)}/${path}`);
  url.search = query.toString();
  const headers = Object.entries(request.headers).flatMap(([name, value]) =>
    value === undefined ? [] : [[name, String(value)] as [string, string]],
  );
  const hasBody = method !== 'GET' && method !== 'HEAD' && body.length > 0;
  const response = await handler(new Request(url, { method, headers, ...(hasBody ? { body } : {}) }));
  return {
    status: response.status,
    headers: Object.fromEntries(response.headers),
    body: Buffer.from(await response.arrayBuffer()),
  };
}

function failure(appId: string, why: string): ApiError {
  return new ApiError(500, 'ERR_DIRECT_INVOKE', `failed to invoke, id: ${appId}, err: ${why}`);
}
