import { isAbsolute, relative, resolve } from 'node:path';
import { FnError } from '../base/error.ts';
import { resolveSetting, type Environment, type Resolved, type Setting } from '../base/setting.ts';
import type { Declaration } from './declaration.ts';
import { readKeelVariables } from './keel.ts';

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
  /** Whether the node_modules of the app are the ones to take. */
  readonly vendored: Resolved<boolean>;
  /** The scripts of package.json to run before, in their order. */
  readonly scripts: Resolved<readonly string[]>;
  /** Variables that make it a plugin of Keel at launch; empty for a function that is none. */
  readonly keel: Readonly<Record<string, string>>;
}

/** The signature types of the OpenFunction and the Functions Framework contracts. */
const SIGNATURE_TYPES = ['http', 'event', 'cloudevent', 'typed', 'openfunction'];

interface Shape {
  readonly pattern: RegExp;
  /** What the pattern allows, for hints. */
  readonly allowed: string;
}

const NAME: Shape = {
  pattern: /^[^\s\p{Cc}]{1,1024}$/u,
  allowed:
    'at most 1024 characters, any but blanks, line breaks and control characters, for example hello or api.hello',
};
const PATH: Shape = {
  pattern: /^[^\p{Cc}]{1,1024}$/u,
  allowed: 'at most 1024 characters, any but line breaks and control characters, for example src/index.js',
};

const SCRIPTS: Shape = {
  pattern: /^[^\s\p{Cc},]+(?: *, *[^\s\p{Cc},]+)*$/u,
  allowed: 'names of scripts, with commas between them, for example build',
};

/** The rows of docs/build.md's table. */
export const SETTINGS: {
  readonly target: Setting<string>;
  readonly signatureType: Setting<string>;
  readonly source: Setting<string>;
  readonly check: Setting<boolean>;
  readonly scripts: Setting<string>;
  readonly vendored: Setting<boolean>;
} = {
  target: {
    variables: ['FUNC_NAME', 'FUNCTION_TARGET'],
    help: 'The exported function to serve.',
    fallback: '',
    parse: (raw, source) => parseText(raw, source, NAME),
  },
  signatureType: {
    variables: ['FUNC_TYPE', 'FUNCTION_SIGNATURE_TYPE'],
    help: `The signature type of the function: ${SIGNATURE_TYPES.join(', ')}.`,
    fallback: 'http',
    parse: parseSignatureType,
  },
  source: {
    variables: ['FUNC_SRC', 'FUNCTION_SOURCE'],
    help: 'File or folder of the function, relative to the app.',
    fallback: '.',
    parse: (raw, source) => parseText(raw, source, PATH),
  },
  check: {
    variables: ['BP_FUNCTION_CHECK'],
    help: '"off" builds the image without booting the function.',
    fallback: true,
    parse: parseSwitch,
  },
  vendored: {
    variables: ['BP_VENDORED_MODULES'],
    help: '"on" takes the node_modules of the app instead of installing.',
    fallback: false,
    parse: parseSwitch,
  },
  scripts: {
    variables: ['BP_NODE_RUN_SCRIPTS'],
    help: 'Scripts of package.json to run before the function is looked for, such as build.',
    fallback: '',
    parse: (raw, source) => parseText(raw, source, SCRIPTS),
  },
};

/** Reads the configuration: variables win over the project's declaration; undefined when no function is named. */
export function readConfig(appDir: string, env: Environment, declaration: Declaration | undefined): Config | undefined {
  const read = (setting: Setting<string>, key: 'name' | 'type' | 'source' | 'scripts'): Resolved<string> => {
    const found = resolveSetting(setting, { env });
    const value = declaration?.[key];
    if (found.source !== 'default' || value === undefined) return found;
    const source = `"${key}" in ${declaration?.file ?? 'the declaration'}`;
    return { value: setting.parse(value, source), source };
  };
  const target = read(SETTINGS.target, 'name');
  if (target.value === '') return undefined;
  const source = read(SETTINGS.source, 'source');
  const scripts = read(SETTINGS.scripts, 'scripts');
  const names = scripts.value.split(',').map((name) => name.trim());
  return {
    target,
    signatureType: read(SETTINGS.signatureType, 'type'),
    source: { value: insideApp(appDir, source), source: source.source },
    check: resolveSetting(SETTINGS.check, { env }),
    vendored: resolveSetting(SETTINGS.vendored, { env }),
    scripts: { value: names.filter((name) => name !== ''), source: scripts.source },
    keel: readKeelVariables(env, declaration?.keel),
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

function parseText(raw: string, source: string, { pattern, allowed }: Shape): string {
  if (pattern.test(raw)) return raw;
  throw new FnError(`Couldn't use ${source}: the value has characters it can't have, or is too long.`, {
    code: 'OFN-CONFIG',
    hint: `Set ${source} to ${allowed}.`,
  });
}

function parseSignatureType(raw: string, source: string): string {
  const known = SIGNATURE_TYPES.find((type) => type === raw.toLowerCase());
  if (known !== undefined) return known;
  throw new FnError(`Couldn't use ${source}: "${raw}" is not a signature type.`, {
    code: 'OFN-SIGNATURE',
    hint: `Set ${source} to one of ${SIGNATURE_TYPES.join(', ')}.`,
  });
}

function parseSwitch(raw: string, source: string): boolean {
  if (['on', 'true', '1'].includes(raw.toLowerCase())) return true;
  if (['off', 'false', '0'].includes(raw.toLowerCase())) return false;
  throw new FnError(`Couldn't use ${source}: "${raw}" is neither "on" nor "off".`, {
    code: 'OFN-CONFIG',
    hint: `Set ${source} to "on" or "off", or leave it out.`,
  });
}
