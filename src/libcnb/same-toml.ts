import { isTable } from '../base/table.ts';
import { decodeToml, encodeToml, type TomlTable } from './toml-file.ts';

/**
 * Whether a decoded table has what `wanted` becomes when it is written and read; keys at the top that are not wanted do
 * not count. `path` names the table in the error OFN-CNB-FILE for what TOML can not hold.
 */
export function holdsToml(found: Readonly<Record<string, unknown>>, wanted: TomlTable, path: string): boolean {
  const written = decodeToml(encodeToml(wanted), path);
  return Object.keys(wanted).every((key) => isSame(written[key], found[key]));
}

function isSame(wanted: unknown, found: unknown): boolean {
  if (wanted instanceof Date) return isSameDate(wanted, found);
  if (isNumber(wanted) && isNumber(found)) return Object.is(Number(wanted), Number(found));
  if (Array.isArray(wanted)) {
    return Array.isArray(found) && found.length === wanted.length && wanted.every((one, at) => isSame(one, found[at]));
  }
  if (!isTable(wanted)) return wanted === found;
  if (!isTable(found)) return false;
  const keys = Object.keys(wanted);
  return keys.length === Object.keys(found).length && keys.every((key) => isSame(wanted[key], found[key]));
}

/** The lifecycle keeps metadata as JSON in the image, which gives a date back as its text. */
function isSameDate(wanted: Date, found: unknown): boolean {
  if (found instanceof Date) return wanted.toISOString() === found.toISOString();
  return typeof found === 'string' && new Date(found).getTime() === wanted.getTime();
}

function isNumber(value: unknown): value is number | bigint {
  return typeof value === 'number' || typeof value === 'bigint';
}
