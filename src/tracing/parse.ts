import { FnError } from '../base/error.ts';
import { resolveSetting, type Environment, type Setting } from '../base/setting.ts';
import { decodePercent } from '../framework/percent.ts';

/** A table of settings, a row each. */
export type Rows<T> = { readonly [K in keyof T]: Setting<T[K]> };

/** Reads a table. What can't be used is told of and left out, as OpenTelemetry wants it: a trace is no reason not to serve. */
export function readRows<T>(rows: Rows<T>, env: Environment, warn: (line: string) => void): T {
  const read = ([name, row]: readonly [string, Setting<unknown>]): readonly [string, unknown] => {
    try {
      return [name, resolveSetting(row, { env }).value];
    } catch (error) {
      if (!(error instanceof FnError)) throw error;
      warn(`${error.message} It is not used.`);
      return [name, row.fallback];
    }
  };
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- there is a value for each row
  return Object.fromEntries(Object.entries<Setting<unknown>>(rows).map(read)) as T;
}

/** `k=v,k2=v2`, values with percent escapes: https://opentelemetry.io/docs/specs/otel/protocol/exporter/ */
export function parsePairs(raw: string): Record<string, string> {
  const pairs = raw.split(',').flatMap((pair): [string, string][] => {
    const at = pair.indexOf('=');
    return at > 0 ? [[pair.slice(0, at).trim(), decodePercent(pair.slice(at + 1).trim())]] : [];
  });
  return Object.fromEntries(pairs);
}

/** One of some words, in any case. */
export function parseOneOf<T extends string>(words: readonly T[]): (raw: string, source: string) => T {
  return (raw, source) => {
    const found = words.find((word) => word === raw.trim().toLowerCase());
    if (found !== undefined) return found;
    throw misused(source, raw, `is none of ${words.join(', ')}`);
  };
}

/** A whole number that is not negative. */
export function parseWhole(raw: string, source: string): number {
  if (/^\s*\d{1,9}\s*$/.test(raw)) return Number(raw);
  throw misused(source, raw, 'is no whole number');
}

/** Milliseconds; 0 for as long as it takes. */
export function parsePatience(raw: string, source: string): number {
  return parseWhole(raw, source) || LONGEST;
}

/** The most that a header of gRPC can say in milliseconds: a day and more. */
const LONGEST = 99_999_999;

/** A number from 0 to 1. */
export function parseRatio(raw: string, source: string): number {
  const ratio = Number(raw);
  if (ratio >= 0 && ratio <= 1) return ratio;
  throw misused(source, raw, 'is no number from 0 to 1');
}

const UNITS: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000 };

/** Milliseconds, or another unit that is named: `10000`, `10s`; 0 for as long as it takes. */
export function parseDuration(raw: string, source: string): number {
  const [, number, unit = 'ms'] = /^\s*(\d+(?:\.\d+)?)\s*(ms|s|m)?\s*$/.exec(raw) ?? [];
  if (number !== undefined) return Math.min(Math.ceil(Number(number) * (UNITS[unit] ?? 1)), LONGEST) || LONGEST;
  throw misused(source, raw, 'is no duration');
}

/** A URL; plain HTTP where it names no scheme. */
export function parseUrl(raw: string, source: string): URL {
  const text = /^[a-z][a-z0-9+.-]*:\/\//i.test(raw) ? raw : `http://${raw}`;
  if (URL.canParse(text) && /^(?:https?|grpcs?):/i.test(text)) return new URL(text);
  throw misused(source, raw, 'is no URL of HTTP');
}

/** What may be told of a text, which may be a URL: nothing up to its last @, nothing of its query. */
function withoutSecrets(raw: string): string {
  return raw.replace(/[?#].*$/s, '').replace(/^((?:[a-z][a-z0-9+.-]*:)?\/\/)?.*@/is, '$1');
}

/** `true` or anything else, as OpenTelemetry has it. */
export function parseTrue(raw: string): boolean {
  return raw.trim().toLowerCase() === 'true';
}

/** A value that can't be used. */
export function misused(source: string, raw: string, why: string): FnError {
  return new FnError(`Couldn't use ${source}: "${withoutSecrets(raw)}" ${why}.`, {
    code: 'OFN-CONFIG',
    hint: `Set ${source} to another value, or leave it out.`,
  });
}
