import { Fields } from '../conf/fields.ts';
import { definePlugin, type Plugin } from '../plugin.ts';

/** Replaces the body of requests; by one without a byte it does not. */
export const requestBodyRewrite: Plugin<string> = definePlugin({
  name: 'request-body-rewrite',
  parseConf: (value) => Fields.readAsInGo(value).text('new_body') ?? '',
  requestFilter(body, _writer, request) {
    if (body !== '') request.setBody(body);
  },
});
