/** A value of JSON or TOML that is a table: keys to values of any kind. */
export type Table = Readonly<Record<string, unknown>>;

/** Whether a value is a table: no array, no bytes, no date of TOML. */
export function isTable(value: unknown): value is Table {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
  return !(value instanceof Uint8Array) && !(value instanceof Date);
}
