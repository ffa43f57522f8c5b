import type * as AsyncHooks from 'node:async_hooks';
import type * as Http from 'node:http';
import type * as Http2 from 'node:http2';

/* oxlint-disable no-restricted-globals -- nothing of the process is read or changed */

/**
 * node:http, loaded without building its ES module namespace: that would load undici as well and cost 24 ms at start.
 */
export const http: typeof Http = process.getBuiltinModule('node:http');

/** node:async_hooks, in the same way. */
export const asyncHooks: typeof AsyncHooks = process.getBuiltinModule('node:async_hooks');

/** node:http2, for when the first HTTP/2 client comes. */
export function loadHttp2(): typeof Http2 {
  return process.getBuiltinModule('node:http2');
}
