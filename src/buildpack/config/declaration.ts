import { closest } from '../../base/closest.ts';
import { FnError } from '../../base/error.ts';
import { isTable } from '../../base/table.ts';
import { decodeLabels, LABELS_KEY, type Labels } from './labels.ts';

/** What a file of the project says under `openfunction`, as the texts that variables would have. */
export interface Declaration {
  /** The file, relative to the app. */
  readonly file: string;
  readonly values: ReadonlyMap<string, string>;
  /** The labels it wants, by their full names. */
  readonly labels?: Labels;
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
  const known = `Known keys of "openfunction" are ${keys.join(', ')}, for example name = "hello".`;
  const invalid = (fault: string, hint = known): FnError =>
    new FnError(`Couldn't read the function's declaration in ${file}: ${fault}.`, { code: 'OFN-CONFIG', hint });
  if (!isTable(table)) throw invalid('"openfunction" is not a table');
  const { [LABELS_KEY]: labels, ...texts } = table;
  const values = new Map<string, string>();
  for (const [key, value] of Object.entries(texts)) {
    if (!keys.includes(key)) throw invalid(`"openfunction.${key}" is not a known key`, didYouMean(key, keys));
    const text = textOf(value);
    if (text === '') throw invalid(`"openfunction.${key}" is empty`, `Give "${key}" a value, or leave it out.`);
    if (text === undefined)
      throw invalid(`"openfunction.${key}" is neither a text nor a number, true, false or a list of those`);
    values.set(key, text);
  }
  return { file, values, ...(labels === undefined ? {} : { labels: decodeLabels(labels, file) }) };
}

/** A value as a variable would have it: lists with commas. */
function textOf(value: unknown): string | undefined {
  if (typeof value === 'string') return value;
  if (typeof value === 'boolean' || typeof value === 'number') return String(value);
  if (!Array.isArray(value)) return undefined;
  const parts = value.map((part) => textOf(part));
  return parts.includes(undefined) ? undefined : parts.join(',');
}

function didYouMean(key: string, keys: readonly string[]): string | undefined {
  const meant = closest(key, keys);
  return meant === undefined ? undefined : `Did you mean "${meant}"?`;
}
