import { resolve } from 'node:path';
import { FnError } from '../../base/error.ts';
import { isInside } from '../../base/inside.ts';
import type { Resolved } from '../../base/setting.ts';
import { readKeelVariables } from '../launch/keel.ts';
import { EXEC_ENV, type ExecEnv } from './exec-env.ts';
import { parseList, parseSwitch, parseText, PATH, SCRIPTS, type Shape } from './parse.ts';
import type { BuildSetting } from './setting.ts';
import type { Sources } from './sources.ts';

/** The function to build, each value with the variable or file that gave it. */
export interface Config {
  /** What the image is for. */
  readonly execEnv: Resolved<ExecEnv>;
  /** The exported or registered function; empty where none is named. */
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

/** The type of a folder of plugins for APISIX, which is no function and needs no name. */
export const APISIX = 'apisix';

/** The signature types of the OpenFunction and the Functions Framework contracts. */
const SIGNATURE_TYPES = ['http', 'event', 'cloudevent', 'typed', 'openfunction', APISIX];

const NAME: Shape = {
  pattern: /^[^\s\p{Cc}]{1,1024}$/u,
  allowed:
    'at most 1024 characters, any but blanks, line breaks and control characters, for example hello or api.hello',
};

/** The settings of the function itself. */
export const FUNCTION_SETTINGS: {
  readonly target: BuildSetting<string>;
  readonly signatureType: BuildSetting<string>;
  readonly source: BuildSetting<string>;
  readonly scripts: BuildSetting<readonly string[]>;
  readonly vendored: BuildSetting<boolean>;
  readonly check: BuildSetting<boolean>;
  readonly debug: BuildSetting<boolean>;
} = {
  target: {
    subject: 'function',
    variables: ['FUNC_NAME', 'FUNCTION_TARGET'],
    key: 'name',
    help: 'the exported or declared function; without one see [Applications](#applications)',
    fallback: '',
    parse: (raw, source) => parseText(raw, source, NAME),
  },
  signatureType: {
    subject: 'signature type',
    variables: ['FUNC_TYPE', 'FUNCTION_SIGNATURE_TYPE'],
    key: 'type',
    help: `the signature type: ${SIGNATURE_TYPES.map((type) => `\`${type}\``).join(', ')}`,
    fallback: 'http',
    parse: parseSignatureType,
  },
  source: {
    subject: 'source',
    variables: ['FUNC_SRC', 'FUNCTION_SOURCE'],
    key: 'source',
    help: 'file or folder of the function, inside the app',
    fallback: '.',
    parse: (raw, source) => parseText(raw, source, PATH),
  },
  scripts: {
    subject: 'build scripts',
    variables: ['BP_NODE_RUN_SCRIPTS'],
    key: 'scripts',
    help: 'scripts of package.json to run before, with commas between them',
    fallback: [],
    parse: (raw, source) => parseList(parseText(raw, source, SCRIPTS)),
  },
  vendored: {
    subject: 'vendored modules',
    variables: ['BP_VENDORED_MODULES'],
    key: 'vendored',
    help: "`on` takes the app's own node_modules instead of installing",
    fallback: false,
    parse: parseSwitch,
  },
  check: {
    subject: 'boot check',
    variables: ['BP_FUNCTION_CHECK'],
    key: 'check',
    help: '`off` builds without booting the function',
    fallback: true,
    parse: parseSwitch,
  },
  debug: {
    subject: 'debug output',
    variables: ['FUNC_DEBUG', 'BP_DEBUG'],
    key: 'debug',
    help: "any value but `off` shows the package manager's and the function's own output",
    fallback: false,
    parse: (raw) => !['off', 'false', '0'].includes(raw.toLowerCase()),
  },
};

/**
 * Reads what concerns the function; the target is empty where none is named, and it is no folder of plugins. `keel` are
 * the variables of [keel] in func.toml, `base` is the folder that the source is relative to.
 */
export function readConfig(
  appDir: string,
  sources: Sources,
  keel: Readonly<Record<string, string>> | undefined,
  base: string = appDir,
): Config {
  const signatureType = sources.read(FUNCTION_SETTINGS.signatureType);
  const named = sources.read(FUNCTION_SETTINGS.target);
  const isRunner = named.value === '' && signatureType.value === APISIX;
  const target = isRunner ? { value: 'plugins', source: signatureType.source } : named;
  const source = sources.read(FUNCTION_SETTINGS.source);
  return {
    execEnv: sources.read(EXEC_ENV),
    target,
    signatureType,
    source: { value: insideApp(appDir, base, source), source: source.source },
    check: sources.read(FUNCTION_SETTINGS.check),
    vendored: sources.read(FUNCTION_SETTINGS.vendored),
    scripts: sources.read(FUNCTION_SETTINGS.scripts),
    keel: readKeelVariables(sources.env, keel),
  };
}

function insideApp(appDir: string, base: string, source: Resolved<string>): string {
  const path = resolve(base, source.value);
  if (isInside(appDir, path)) return path;
  throw new FnError(`Couldn't use the source "${source.value}" from ${source.source}: it lies outside the app.`, {
    code: 'OFN-CONFIG',
    hint: `Give a file or folder inside the app, relative to its root, for example FUNC_SRC=src/index.js.`,
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
