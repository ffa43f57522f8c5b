import { isTable } from '../../base/table.ts';

/** A table of texts that the metadata of a layer has as JSON, such as links: TOML has no names for any path. */
export function readTexts(text: string): Readonly<Record<string, string>> {
  const table: unknown = JSON.parse(text);
  const entries = Object.entries(isTable(table) ? table : {});
  return Object.fromEntries(entries.map(([name, value]) => [name, String(value)]));
}
