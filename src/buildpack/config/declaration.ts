import { closest } from '../../base/closest.ts';
import { FnError } from '../../base/error.ts';
import { isTable } from '../../base/table.ts';

/** What a file of the project says under `openfunction`, as the texts that variables would have. */
export interface Declaration {
  /** The file, relative to the app. */
  readonly file: string;
  readonly values: ReadonlyMap<string, string>;
}

/** A file of the project and its key `openfunction`, as decoded; undefined where it has none. */
export interface DeclaredTable {
  readonly file: string;
  readonly value: unknown;
}

/** Decodes what files declare, in their order; `keys` are the known ones, any other is OFN-CONFIG. */
export function readDeclarations(tables: readonly DeclaredTable[], keys: readonly string[]): readonly Declaration[] {
  return tables.flatMap(({ file, value }) => (value === undefined ? [] : [decode(value, file, keys)]));
}

function decode(table: unknown, file: string, keys: readonly string[]): Declaration {
  const hint = `Known keys of "openfunction" are ${keys.join(', ')}, for example name = "hello".`;
  const invalid = (fault: string, first = ''): FnError =>
    new FnError(`Couldn't read the function's declaration in ${file}: ${fault}.`, {
      code: 'OFN-CONFIG',
      hint: first + hint,
    });
  if (!isTable(table)) throw invalid('"openfunction" is not a table');
  const values = new Map<string, string>();
  for (const [key, value] of Object.entries(table)) {
    if (!keys.includes(key)) throw invalid(`"openfunction.${key}" is not a known key`, didYouMean(key, keys));
    const text = textOf(value);
    if (!text) throw invalid(`"openfunction.${key}" is neither a text nor a number, true, false or a list of those`);
    values.set(key, text);
  }
  return { file, values };
}

/** A value as a variable would have it: lists with commas. */
function textOf(value: unknown): string | undefined {
  if (typeof value === 'string') return value;
  if (typeof value === 'boolean' || typeof value === 'number') return String(value);
  if (!Array.isArray(value)) return undefined;
  const parts = value.map((part) => textOf(part));
  return parts.includes(undefined) ? undefined : parts.join(',');
}

function didYouMean(key: string, keys: readonly string[]): string {
  const meant = closest(key, keys);
  return meant === undefined ? '' : `Did you mean "${meant}"? `;
}
