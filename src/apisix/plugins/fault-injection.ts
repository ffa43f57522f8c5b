import { Fields } from '../conf/fields.ts';
import { definePlugin, type Plugin } from '../plugin.ts';

interface FaultInjectionConf {
  readonly status: number;
  readonly body: string;
  /** How many of a hundred requests fail. */
  readonly percentage: number;
}

/** What Apache's runner for Go takes for a hundred. */
const ALL = -1;

/** Answers a part of the requests with a status. */
export const faultInjection: Plugin<FaultInjectionConf> = definePlugin({
  name: 'fault-injection',
  parseConf(value) {
    const fields = Fields.readAsInGo(value);
    const percentage = fields.integer('percentage', { least: ALL, most: 100 }) ?? ALL;
    return {
      status: fields.requiredInteger('http_status', { least: 200, most: 599 }),
      body: fields.text('body') ?? '',
      percentage: percentage === ALL ? 100 : percentage,
    };
  },
  requestFilter({ status, body, percentage }, writer) {
    if (Math.random() * 100 >= percentage) return;
    writer.writeHeader(status);
    if (body !== '') writer.write(body);
  },
});
