import { setTimeout as pause } from 'node:timers/promises';
import { Fields } from '../conf/fields.ts';
import { definePlugin, type Plugin } from '../plugin.ts';
import { TokenBucket } from './token-bucket.ts';

interface LimitReqConf {
  /** Of the route: it lives as long as its configuration. */
  readonly bucket: TokenBucket;
  /** Milliseconds that a request waits at most. */
  readonly longest: number;
  readonly rejectedCode: number;
}

/** What filters have before APISIX gives up. */
const LONGEST = 56_000;

/** Delays requests to a rate, and rejects those that would wait too long. */
export const limitReq: Plugin<LimitReqConf> = definePlugin({
  name: 'limit-req',
  parseConf(value) {
    const fields = Fields.readAsInGo(value);
    const rate = Math.max(0, fields.number('rate') ?? 0);
    const burst = fields.integer('burst') ?? 0;
    return {
      bucket: new TokenBucket(rate, burst, performance.now()),
      longest: fields.integer('max_wait_ms', { least: 0, most: LONGEST }) ?? LONGEST,
      rejectedCode: fields.integer('rejected_code', { least: 200, most: 599 }) ?? 503,
    };
  },
  requestFilter({ bucket, longest, rejectedCode }, writer, { signal }) {
    const wait = bucket.reserve(performance.now(), longest);
    if (wait === undefined) writer.writeHeader(rejectedCode);
    else if (wait > 0) return pause(wait, undefined, { signal });
    return undefined;
  },
});
