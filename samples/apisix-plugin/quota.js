import { definePlugin } from '@openfunction/functions-framework/apisix';

// Lets each consumer call a route so many times a minute.
export const quota = definePlugin({
  name: 'quota',
  // Once for each change of the route: what it returns may keep state.
  parseConf: (value) => ({ limit: 60, ...JSON.parse(value), calls: new Map() }),
  async requestFilter({ limit, calls }, writer, request) {
    const consumer = (await request.var('consumer_name')) ?? request.srcIp;
    const minute = Math.floor(Date.now() / 60_000);
    const [since, count] = calls.get(consumer) ?? [minute, 0];
    const now = since === minute ? count + 1 : 1;
    calls.set(consumer, [minute, now]);
    request.responseHeaders.set('x-quota-left', String(Math.max(0, limit - now)));
    if (now <= limit) return;
    writer.headers.set('retry-after', '60');
    writer.writeHeader(429);
  },
});
