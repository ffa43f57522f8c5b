import { isUtf8 } from 'node:buffer';
import { patternOf } from './go-pattern.ts';
import { binaryOf, type Text } from '../protocol/text.ts';
import { Fields, invalid } from '../conf/fields.ts';
import { messageOf } from '../../base/error.ts';
import { isHeader } from '../http/refuse.ts';
import { definePlugin, type Plugin } from '../plugin.ts';
import { RUNNER_HEADER } from './say.ts';

interface Filter {
  readonly pattern: RegExp;
  readonly isGlobal: boolean;
  readonly replacement: string;
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
  const replacement = fields.text('replace') ?? '';
  try {
    return { pattern: patternOf(regex), isGlobal: scope === 'global', replacement };
  } catch (error) {
    throw invalid(`failed to compile regex \`${regex}\`: ${messageOf(error)}`);
  }
}

/**
 * The body with what each pattern finds first replaced as the text that it is: once, or wherever it stands. Undefined when
 * none finds anything. Bytes that are no UTF-8 are looked at one by one.
 */
function rewrite(body: Buffer, filters: readonly Filter[]): Text | undefined {
  const encoding = isUtf8(body) ? 'utf8' : 'latin1';
  let text = body.toString(encoding);
  let isFound = false;
  for (const { pattern, isGlobal, replacement } of filters) {
    const found = pattern.exec(text)?.[0];
    if (found === undefined) continue;
    isFound = true;
    const literal = encoding === 'utf8' ? replacement : binaryOf(replacement);
    if (isGlobal) text = replaceAll(text, found, literal);
    else text = text.replace(found, () => literal);
  }
  if (!isFound) return undefined;
  return encoding === 'utf8' ? text : Buffer.from(text, encoding);
}

/** Nothing is found in front of each character, and at the end. */
function replaceAll(text: string, found: string, literal: string): string {
  if (found !== '') return text.replaceAll(found, () => literal);
  return ['', ...Array.from(text), ''].join(literal);
}
