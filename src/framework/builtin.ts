import type * as Http from 'node:http';

/**
 * node:http, loaded without building its ES module namespace: that would load undici as well and cost 24 ms at start.
 */
// oxlint-disable-next-line no-restricted-globals -- nothing of the process is read or changed
export const http: typeof Http = process.getBuiltinModule('node:http');
