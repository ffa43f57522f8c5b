import { FnError } from '../../base/error.ts';
import { isTable } from '../../base/table.ts';
import { canBeEncoded } from '../../base/variable-name.ts';

/** The variable whose value is other variables: JSON in base64url, which every platform hands on as it is. */
export const ENCODED = 'FUNC_ENV_B64URL';

/** Linux hands a program no longer variable. */
const LIMIT = 128 * 1024;

/** Decodes the variables in FUNC_ENV_B64URL; OFN-CONFIG says what is wrong with the text, and never shows it. */
export function decodeVariables(encoded: string): Readonly<Record<string, string>> {
  const text = encoded.trim();
  if (text.length > LIMIT) throw invalid(`it is longer than ${LIMIT} characters`);
  if (!/^[\w-]+={0,2}$/.test(text)) throw invalid('it is not base64url');
  const table = parse(text);
  if (!isTable(table)) throw invalid('it does not hold a JSON object');
  return Object.fromEntries(Object.entries(table).map(([name, value]) => [nameOf(name), textOf(name, value)]));
}

function parse(text: string): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(Buffer.from(text, 'base64url')));
  } catch (error) {
    throw invalid('it is not JSON in base64url, or was cut on its way', error);
  }
}

function nameOf(name: string): string {
  if (!canBeEncoded(name)) throw invalid(`${name} can't be set in it`);
  if (/^[A-Za-z_][\w.-]*$/.test(name)) return name;
  throw invalid(`${JSON.stringify(name)} is no name of a variable`);
}

function textOf(name: string, value: unknown): string {
  const isText = typeof value === 'string' && !value.includes('\0');
  if (isText || typeof value === 'number' || typeof value === 'boolean') return String(value);
  throw invalid(`${name} is not a text`);
}

function invalid(fault: string, cause?: unknown): FnError {
  return new FnError(`Couldn't use ${ENCODED}: ${fault}.`, {
    code: 'OFN-CONFIG',
    hint: `"ofn env NAME=value ..." prints it as it should be.`,
    cause,
  });
}
