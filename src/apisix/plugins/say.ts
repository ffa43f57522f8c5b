import { Fields } from '../conf/fields.ts';
import { definePlugin, type Plugin } from '../plugin.ts';

/** The header by which a response says that a runner made it, and which one. */
export const RUNNER_HEADER = ['X-Resp-A6-Runner', 'Node'] as const;

/** Answers with a body; one without a byte lets requests pass. */
export const say: Plugin<string> = definePlugin({
  name: 'say',
  parseConf: (value) => Fields.readAsInGo(value).text('body') ?? '',
  requestFilter(body, writer) {
    if (body === '') return;
    writer.headers.append(...RUNNER_HEADER);
    writer.write(body);
  },
});
