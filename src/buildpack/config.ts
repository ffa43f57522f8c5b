import { isAbsolute, relative, resolve } from 'node:path';
import { FnError } from '../base/error.ts';
import { resolveSetting, type Environment, type Resolved, type Setting } from '../base/setting.ts';
import type { Declaration } from './declaration.ts';

/** The function to build, each value with the variable or file that gave it. */
export interface Config {
  /** The exported or registered function. */
  readonly target: Resolved<string>;
  /** The signature type, lower case. */
  readonly signatureType: Resolved<string>;
  /** Absolute file or folder of the function, inside the app. */
  readonly source: Resolved<string>;
  /** Whether the build boots the function. */
  readonly check: Resolved<boolean>;
}

const WORD = /^[^\s\p{Cc}]{1,1024}$/u;
const PATH = /^[^\p{Cc}]{1,1024}$/u;

/** The rows of docs/build.md's table. */
export const SETTINGS: {
  readonly target: Setting<string>;
  readonly signatureType: Setting<string>;
  readonly source: Setting<string>;
  readonly check: Setting<boolean>;
} = {
  target: text(['FUNC_NAME', 'FUNCTION_TARGET'], 'The exported function to serve.', ''),
  signatureType: text(['FUNC_TYPE', 'FUNCTION_SIGNATURE_TYPE'], 'The signature type of the function.', 'http'),
  source: text(['FUNC_SRC', 'FUNCTION_SOURCE'], 'File or folder of the function, relative to the app.', '.', PATH),
  check: {
    variables: ['BP_FUNCTION_CHECK'],
    help: '"off" builds the image without booting the function.',
    fallback: true,
    parse: parseSwitch,
  },
};

/** Reads the configuration: variables win over the project's declaration; undefined when no function is named. */
export function readConfig(appDir: string, env: Environment, declaration: Declaration | undefined): Config | undefined {
  const declared = (setting: Setting<string>, value: string | undefined): Resolved<string> => {
    const found = resolveSetting(setting, { env });
    return found.source === 'default' && value !== undefined
      ? { value, source: declaration?.file ?? 'default' }
      : found;
  };
  const target = declared(SETTINGS.target, declaration?.name);
  if (target.value === '') return undefined;
  const signatureType = declared(SETTINGS.signatureType, declaration?.type);
  const source = declared(SETTINGS.source, declaration?.source);
  return {
    target,
    signatureType: { value: signatureType.value.toLowerCase(), source: signatureType.source },
    source: { value: insideApp(appDir, source), source: source.source },
    check: resolveSetting(SETTINGS.check, { env }),
  };
}

function insideApp(appDir: string, source: Resolved<string>): string {
  const path = resolve(appDir, source.value);
  const way = relative(appDir, path);
  if (!way.startsWith('..') && !isAbsolute(way)) return path;
  throw new FnError(`Couldn't use the source "${source.value}" from ${source.source}: it lies outside the app.`, {
    code: 'OFN-CONFIG',
    hint: `Give a file or folder inside the app, relative to its root, for example FUNC_SRC=src/index.js.`,
  });
}

function text(variables: readonly string[], help: string, fallback: string, shape: RegExp = WORD): Setting<string> {
  return { variables, help, fallback, parse: (raw, source) => parseText(raw, source, shape) };
}

function parseText(raw: string, source: string, shape: RegExp): string {
  if (shape.test(raw)) return raw;
  throw new FnError(`Couldn't use ${source}: the value has characters it can't have, or is too long.`, {
    code: 'OFN-CONFIG',
    hint: `Set ${source} to at most 1024 printable characters, without quotes around them.`,
  });
}

function parseSwitch(raw: string, source: string): boolean {
  if (['on', 'true', '1'].includes(raw.toLowerCase())) return true;
  if (['off', 'false', '0'].includes(raw.toLowerCase())) return false;
  throw new FnError(`Couldn't use ${source}: "${raw}" is neither "on" nor "off".`, {
    code: 'OFN-CONFIG',
    hint: `Set ${source}=off to build without booting the function, or leave it out.`,
  });
}
