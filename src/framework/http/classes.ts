import type * as Http from 'node:http';
import type * as Http2 from 'node:http2';
import { http } from '../builtin.ts';
import { defineReplay } from './replay.ts';
import { defineRequestMembers } from './request.ts';
import { defineResponseMembers } from './response.ts';
import type { App, Request, Response } from './types.ts';

/* oxlint-disable typescript/no-unsafe-type-assertion -- the classes get the members right after */

/** Classes of requests and responses for one server; it makes its messages of them, so none is changed afterwards. */
export function makeHttp1Classes(app: App): {
  readonly IncomingMessage: typeof Http.IncomingMessage;
  readonly ServerResponse: typeof Http.ServerResponse;
} {
  class HttpRequest extends http.IncomingMessage {}
  class HttpResponse extends http.ServerResponse {}
  defineRequestMembers(HttpRequest.prototype as Request);
  defineReplay(HttpRequest.prototype as Request);
  defineResponseMembers(HttpResponse.prototype as unknown as Response, app);
  return { IncomingMessage: HttpRequest, ServerResponse: HttpResponse as typeof Http.ServerResponse };
}

/** The same for HTTP/2. */
export function makeHttp2Classes(
  app: App,
  http2: typeof Http2,
): {
  readonly Http2ServerRequest: typeof Http2.Http2ServerRequest;
  readonly Http2ServerResponse: typeof Http2.Http2ServerResponse;
} {
  class HttpRequest extends http2.Http2ServerRequest {}
  class HttpResponse extends http2.Http2ServerResponse {}
  defineRequestMembers(HttpRequest.prototype as unknown as Request);
  defineReplay(HttpRequest.prototype as unknown as Request);
  defineResponseMembers(HttpResponse.prototype as unknown as Response, app);
  return { Http2ServerRequest: HttpRequest, Http2ServerResponse: HttpResponse as typeof Http2.Http2ServerResponse };
}

/** What `req.app` and `res.app` are: settings and locals, no routing. */
export function makeApp(): App {
  const settings = new Map<string, unknown>([
    ['trust proxy', true],
    ['query parser', 'extended'],
    ['jsonp callback name', 'callback'],
  ]);
  return {
    locals: {},
    get: (setting) => settings.get(setting),
    set(setting, value) {
      settings.set(setting, value);
      return this;
    },
    enabled: (setting) => Boolean(settings.get(setting)),
    disabled: (setting) => !settings.get(setting),
  };
}
