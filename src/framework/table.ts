import type { Table } from '../base/table.ts';

/** A copy of an object with some of its keys under other names, in the same order. */
export function renameKeys(table: Table, names: Readonly<Record<string, string>>): Table {
  return Object.fromEntries(Object.entries(table).map(([key, value]) => [names[key] ?? key, value]));
}

/** The text of a text or a number; empty for anything else. */
export function scalarOf(value: unknown): string {
  return typeof value === 'number' ? String(value) : textOf(value);
}

/** A value's text; empty for anything but text. */
export function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

/** A value of JSON as text: text as it is, anything else as JSON. */
export function plainText(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}
