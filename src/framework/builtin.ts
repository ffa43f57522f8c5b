import type * as AsyncHooks from 'node:async_hooks';
import type * as Http from 'node:http';
import type * as Crypto from 'node:crypto';
import type * as Http2 from 'node:http2';
import type * as Https from 'node:https';
import type * as Zlib from 'node:zlib';

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

/** node:crypto, for those who need more than the global one has. */
export function loadCrypto(): typeof Crypto {
  return process.getBuiltinModule('node:crypto');
}

/** node:https, for calls over TLS. */
export function loadHttps(): typeof Https {
  return process.getBuiltinModule('node:https');
}

/** node:zlib, for what is compressed. */
export function loadZlib(): typeof Zlib {
  return process.getBuiltinModule('node:zlib');
}
