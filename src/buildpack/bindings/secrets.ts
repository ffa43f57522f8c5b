import { describeThrown, FnError } from '../../base/error.ts';
import type { Log } from '../../base/log.ts';
import type { Environment } from '../../base/setting.ts';
import { withoutCredentials } from './addresses.ts';

/** Gives a text without the secrets that are known. */
export type Hide = (text: string) => string;

/** Variables that hold a secret, by their name. */
const VARIABLE =
  /TOKEN|PASSWORD|PASSWD|PASSPHRASE|SECRET|CREDENTIAL|PRIVATE_?KEY|API_?KEY|(?:^|_)(?:KEY|PASS|PWD|DSN)$|_auth\b|_AUTH$|AUTH_IDENT/i;
/** The shell's own. */
const FOLDER = /^(?:OLD)?PWD$/;
/** Keys of .npmrc, .yarnrc, .yarnrc.yml and bunfig.toml whose value is a secret, up to it. */
const KEY =
  /(?:_authToken|_auth|_password|npmAuthToken|npmAuthIdent|(?:^|:)key(?=\s*=)|\btoken|\bpassword)["']?\s*[=: ]\s*/
    .source;
const SETTING = new RegExp(`${KEY}["']?([^\\s"',}]+)`, 'gm');
const WHOLE_SETTING = new RegExp(`(${KEY})(?:"[^"]*"|'[^']*'|[^\\s"',}]+)`, 'gm');
/** User and password of an address, but for those that hints show where to write. */
const ADDRESS = /(\w:\/\/)(?!user:password@)[^/\s@"']+@/g;
/** Shorter values are words that output has for other reasons. */
const SHORTEST = 8;
/** What stands in place of a secret. */
export const MASK = '***';

/** Whether a variable holds a secret, by its name. */
export function isSecret(name: string): boolean {
  return VARIABLE.test(name) && !FOLDER.test(name);
}

/** Settings of package managers without secrets, be they short, and those in addresses. */
export function withoutSecrets(settings: string): string {
  return withoutCredentials(settings.replaceAll(WHOLE_SETTING, `$1${MASK}`));
}

/** The secrets in variables and in settings of package managers. */
export function secretsIn(env: Environment, settings: readonly string[]): readonly string[] {
  const variables = Object.entries(env).filter(([name]) => isSecret(name));
  const inSettings = settings.flatMap((text) => [...text.matchAll(SETTING)].map(([, value = '']) => value));
  return [...variables.map(([, value = '']) => value), ...inSettings].filter(isLongEnough);
}

/** Whether it is a secret that can be looked for, and not a reference to a variable. */
export function isLongEnough(value: string): boolean {
  return value.length >= SHORTEST && !value.startsWith('${');
}

/** What takes secrets out of texts, and those in addresses. */
export function hiding(secrets: readonly string[]): Hide {
  // One may be a part of another.
  const longestFirst = secrets.toSorted((one, other) => other.length - one.length);
  return (text) => {
    const masked = longestFirst.reduce((rest, secret) => rest.replaceAll(secret, MASK), text);
    return masked.replaceAll(ADDRESS, `$1${MASK}@`).replaceAll(/(_authToken|_auth|_password)=\S+/g, `$1=${MASK}`);
  };
}

/** A logger whose lines have no secrets. */
export function hidingLog(log: Log, hide: Hide): Log {
  return {
    debug: (line) => log.debug(hide(line)),
    info: (line) => log.info(hide(line)),
    warn: (line) => log.warn(hide(line)),
    error: (line) => log.error(hide(line)),
  };
}

/** What was thrown, with no secrets in what is printed of it. */
export function hidingError(thrown: unknown, hide: Hide): Error {
  if (!(thrown instanceof FnError)) {
    const error = new Error('an unforeseen failure');
    error.stack = hide(describeThrown(thrown));
    return error;
  }
  return new FnError(hide(thrown.message), { code: thrown.code, hint: hide(thrown.hint), cause: thrown.cause });
}
