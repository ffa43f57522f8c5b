import { FnError } from '../base/error.ts';
import { LOG_LEVELS, type LogLevel } from '../base/log.ts';
import { SIGNATURE_TYPES, type SignatureType } from './signature/types.ts';

/** How lines are written. */
const LOG_FORMATS = ['text', 'json'] as const;
export type LogFormat = (typeof LOG_FORMATS)[number];

/** Who may take traces, and `off`. */
const TRACING_CHOICES = ['opentelemetry', 'skywalking', 'off'] as const;
export type TracingChoice = (typeof TRACING_CHOICES)[number];

/** A port number; 0 lets the system choose. */
export function parsePort(raw: string, source: string): number {
  const port = /^\d{1,5}$/.test(raw) ? Number(raw) : Number.NaN;
  if (port <= 65_535) return port;
  throw new FnError(`error parsing port: ${source} is "${raw}".`, {
    code: 'OFN-PORT',
    hint: `Set ${source} to a number from 0 to 65535.`,
  });
}

/** A type of builds that no server serves. */
const RUNNERS = 'apisix';

/** One of the signature types, in any case. */
export function parseSignatureType(raw: string, source: string): SignatureType {
  const wanted = raw.toLowerCase();
  const known = SIGNATURE_TYPES.find((type) => type === wanted);
  if (known !== undefined) return known;
  throw new FnError(`Function signature type must be one of: ${SIGNATURE_TYPES.join(', ')}.`, {
    code: 'OFN-SIGNATURE',
    hint:
      wanted === RUNNERS
        ? `Plugins for APISIX are run by "ofn-runner run", with their folder; set ${source} to one of the types for a function.`
        : `Set ${source} to one of them; it is "${raw}".`,
  });
}

/** Reads milliseconds out of seconds; `example` is a number for hints. */
export function parseSeconds(example: number): (raw: string, source: string) => number {
  return (raw, source) => {
    const seconds = Number(raw);
    if (seconds >= 0 && seconds <= 3600) return seconds * 1000;
    throw misused(source, raw, 'is no number of seconds from 0 to 3600', `for example ${example}`);
  };
}

/** The same, for whole seconds of any number. */
export function parseTimeout(raw: string, source: string): number {
  const seconds = Number(raw);
  if (Number.isInteger(seconds) && seconds >= 0 && seconds <= 2_147_483) return seconds * 1000;
  throw new FnError('Timeout must be a positive integer', {
    code: 'OFN-CONFIG',
    hint: `Set ${source} to the seconds a call may take, or to 0 for any; it is "${raw}".`,
  });
}

/** A whole number. */
export function parseCount(raw: string, source: string): number {
  if (/^\d{1,9}$/.test(raw)) return Number(raw);
  throw misused(source, raw, 'is no whole number', 'for example 100, or 0 for no limit');
}

const UNITS: Readonly<Record<string, number>> = { b: 1, kb: 2 ** 10, mb: 2 ** 20, gb: 2 ** 30 };

/** Bytes out of a size such as 10mb. */
export function parseBytes(raw: string, source: string): number {
  const [, number = '', unit = 'b'] = /^(\d+(?:\.\d+)?)\s*(b|kb|mb|gb)?$/i.exec(raw.trim()) ?? [];
  const bytes = Number(number) * (UNITS[unit.toLowerCase()] ?? 1);
  if (number !== '' && bytes > 0) return Math.floor(bytes);
  throw misused(source, raw, 'is no size', 'for example 512kb or 10mb');
}

/** True or false, in any of their words. */
export function parseSwitch(raw: string, source: string): boolean {
  const value = raw.toLowerCase();
  if (['true', '1', 'yes', 'on'].includes(value)) return true;
  if (['false', '0', 'no', 'off'].includes(value)) return false;
  throw misused(source, raw, 'is neither true nor false', 'for example true');
}

/** Who takes the traces. */
export function parseTracing(raw: string, source: string): TracingChoice {
  return oneOf(TRACING_CHOICES, raw, source);
}

/** The least level of lines. */
export function parseLogLevel(raw: string, source: string): LogLevel {
  return oneOf(LOG_LEVELS, raw, source);
}

/** How lines are written. */
export function parseLogFormat(raw: string, source: string): LogFormat {
  return oneOf(LOG_FORMATS, raw, source);
}

function oneOf<T extends string>(words: readonly T[], raw: string, source: string): T {
  const found = words.find((word) => word === raw.toLowerCase());
  if (found !== undefined) return found;
  throw misused(source, raw, `is none of ${words.join(', ')}`, `for example ${words[0] ?? ''}`);
}

/** A path of URLs. */
export function parsePath(raw: string, source: string): string {
  if (raw.startsWith('/')) return raw;
  throw misused(source, raw, 'is no path', 'for example /healthz');
}

/** A value that a setting can't have; `example` says what would do. */
export function misused(source: string, raw: string, why: string, example: string): FnError {
  return new FnError(`Couldn't use ${source}: "${raw}" ${why}.`, {
    code: 'OFN-CONFIG',
    hint: `Set ${source} to another value, ${example}.`,
  });
}
