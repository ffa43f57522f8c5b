import { Fields, invalid } from '../conf/fields.ts';
import { messageOf } from '../../base/error.ts';
import { isHeader } from '../http/refuse.ts';
import { definePlugin, type Plugin } from '../plugin.ts';
import { RUNNER_HEADER } from './say.ts';
import { finderOf, replaceAll, replaceFirst, type Finder } from './text-filter.ts';

interface Filter {
  readonly find: Finder;
  readonly isGlobal: boolean;
  readonly replacement: Buffer;
}

interface ResponseRewriteConf {
  readonly status: number;
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly body: string;
  readonly filters: readonly Filter[];
}

/** Changes status, headers and body of responses; with filters, the body is what they make of that of the upstream. */
export const responseRewrite: Plugin<ResponseRewriteConf> = definePlugin({
  name: 'response-rewrite',
  parseConf(value) {
    const fields = Fields.readAsInGo(value);
    const status = fields.integer('status') ?? 0;
    if (status > 0) fields.integer('status', { least: 200, most: 599 });
    const headers = fields.texts('headers');
    for (const [name, value] of headers) {
      if (!isHeader(name, value)) throw invalid(`property "headers" validation failed: "${name}" is no header of HTTP`);
    }
    return { status, headers, body: fields.text('body') ?? '', filters: fields.list('filters').map(filterOf) };
  },
  async responseFilter(conf, response) {
    if (conf.status > 0) response.writeHeader(conf.status);
    response.headers.set(...RUNNER_HEADER);
    for (const [name, value] of conf.headers) response.headers.set(name, value);
    if (conf.filters.length === 0) {
      if (conf.body !== '') response.write(conf.body);
      return;
    }
    const body = await response.body();
    const rewritten = body === undefined ? undefined : rewrite(body, conf.filters);
    if (rewritten !== undefined) response.write(rewritten);
  },
});

function filterOf(fields: Fields): Filter {
  const regex = fields.text('regex') ?? '';
  const scope = fields.oneOf('scope', ['once', 'global']);
  const replacement = Buffer.from(fields.text('replace') ?? '');
  try {
    return { find: finderOf(regex), isGlobal: scope === 'global', replacement };
  } catch (error) {
    throw invalid(`failed to compile regex \`${regex}\`: ${messageOf(error)}`);
  }
}

/** The body with what each pattern finds first replaced as the text that it is; undefined when none finds anything. */
function rewrite(body: Buffer, filters: readonly Filter[]): Buffer | undefined {
  let rewritten: Buffer | undefined;
  for (const { find, isGlobal, replacement } of filters) {
    const text = rewritten ?? body;
    const found = find(text);
    if (found !== undefined) rewritten = (isGlobal ? replaceAll : replaceFirst)(text, found, replacement);
  }
  return rewritten;
}
