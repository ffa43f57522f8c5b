import { resolve } from 'node:path';
import { FnError } from '../base/error.ts';
import { resolveSetting, type Environment, type Setting } from '../base/setting.ts';
import { SIGNATURE_TYPES, type SignatureType } from './signature.ts';

/** What the server is told. */
export interface Options {
  readonly port: number;
  readonly target: string;
  readonly signatureType: SignatureType;
  /** Absolute path of the function's module or folder. */
  readonly source: string;
  /** Milliseconds that requests in flight get after SIGTERM. */
  readonly shutdownTimeout: number;
}

/** Values for what neither a flag nor a variable says, such as those of a rendered main. */
export interface Defaults {
  readonly source?: string;
  readonly target?: string;
  readonly signatureType?: string;
}

const asIs = (raw: string): string => raw;

type Row<T> = Setting<T> & { readonly flag: string };

/** Every option: a row each. */
export const OPTIONS: {
  readonly port: Row<number>;
  readonly target: Row<string>;
  readonly signatureType: Row<SignatureType>;
  readonly source: Row<string>;
  readonly shutdownTimeout: Row<number>;
} = {
  port: {
    flag: 'port',
    variables: ['PORT'],
    help: 'The port to listen on.',
    fallback: 8080,
    parse: parsePort,
  },
  target: {
    flag: 'target',
    variables: ['FUNCTION_TARGET'],
    help: 'The exported or declared function to serve.',
    fallback: 'function',
    parse: asIs,
  },
  signatureType: {
    flag: 'signature-type',
    variables: ['FUNCTION_SIGNATURE_TYPE'],
    help: `The signature type: ${SIGNATURE_TYPES.join(', ')}.`,
    fallback: 'http',
    parse: parseSignatureType,
  },
  source: {
    flag: 'source',
    variables: ['FUNCTION_SOURCE'],
    help: 'File or folder of the function.',
    fallback: '.',
    parse: asIs,
  },
  shutdownTimeout: {
    flag: 'shutdown-timeout',
    variables: ['FUNC_SHUTDOWN_TIMEOUT'],
    help: 'Seconds that requests in flight get after SIGTERM.',
    fallback: 8000,
    parse: parseSeconds,
  },
};

/** Reads all options: flag, then variable, then default. Relative sources are relative to `cwd`. */
export function readOptions(
  from: { readonly env: Environment; readonly flags: Environment; readonly cwd: string },
  defaults: Defaults = {},
): Options {
  const { signatureType = 'http', source = '.', target = 'function' } = defaults;
  const typed = { ...OPTIONS.signatureType, fallback: parseSignatureType(signatureType, 'the rendered main') };
  return {
    port: resolveSetting(OPTIONS.port, from).value,
    target: resolveSetting({ ...OPTIONS.target, fallback: target }, from).value,
    signatureType: resolveSetting(typed, from).value,
    source: resolve(from.cwd, resolveSetting({ ...OPTIONS.source, fallback: source }, from).value),
    shutdownTimeout: resolveSetting(OPTIONS.shutdownTimeout, from).value,
  };
}

function parsePort(raw: string, source: string): number {
  const port = /^\d{1,5}$/.test(raw) ? Number(raw) : Number.NaN;
  if (port <= 65_535) return port;
  throw new FnError(`error parsing port: ${source} is "${raw}".`, {
    code: 'OFN-PORT',
    hint: `Set ${source} to a number from 0 to 65535.`,
  });
}

function parseSignatureType(raw: string, source: string): SignatureType {
  const wanted = raw.toLowerCase();
  const known = SIGNATURE_TYPES.find((type) => type === wanted);
  if (known === 'http') return known;
  const message =
    known === undefined
      ? `Function signature type must be one of: ${SIGNATURE_TYPES.join(', ')}.`
      : `Couldn't serve the signature type "${known}": this version serves http alone.`;
  throw new FnError(message, { code: 'OFN-SIGNATURE', hint: `Set ${source} to http; it is "${raw}".` });
}

function parseSeconds(raw: string, source: string): number {
  const seconds = Number(raw);
  if (seconds >= 0 && seconds <= 3600) return seconds * 1000;
  throw new FnError(`Couldn't use ${source}: "${raw}" is no number of seconds from 0 to 3600.`, {
    code: 'OFN-CONFIG',
    hint: `Set ${source} to how long requests in flight may take after SIGTERM, for example 8.`,
  });
}
