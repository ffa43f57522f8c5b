import { definePlugin } from '@openfunction/functions-framework/apisix';

// Lets each consumer call a route so many times a minute.
export const quota = definePlugin({
  name: 'quota',
  // Once for each change of the route: what it returns may keep state.
  parseConf: (value) => ({ limit: 60, ...JSON.parse(value), minute: 0, calls: new Map() }),
  async requestFilter(conf, writer, request) {
    const { limit, calls } = conf;
    const consumer = (await request.var('consumer_name')) ?? request.srcIp;
    const minute = Math.floor(Date.now() / 60_000);
    // Whoever has called before is forgotten.
    if (minute !== conf.minute) calls.clear();
    conf.minute = minute;
    const count = (calls.get(consumer) ?? 0) + 1;
    calls.set(consumer, count);
    request.responseHeaders.set('x-quota-left', String(Math.max(0, limit - count)));
    if (count <= limit) return;
    writer.headers.set('retry-after', '60');
    writer.writeHeader(429);
  },
});
