import { byCodeUnits } from '../../base/order.ts';
import type { Environment } from '../../base/setting.ts';

/** Variables that decide what an install makes: those of compilers, and of packages' install scripts. */
const DECIDING = [
  /^(?:AR|CC|CXX|LD|C(?:PP|XX)?FLAGS|LDFLAGS|MAKEFLAGS|GYP_DEFINES|PYTHON)$/,
  /^(?:CYPRESS|ELECTRON|PLAYWRIGHT|PRISMA|PUPPETEER|SENTRYCLI|SHARP)_/,
  /_(?:BINARY|SKIP_(?:\w+_)?(?:DOWNLOAD|INSTALL))(?:_|$)/,
];
/** Variables of managers, of which those do not decide that say how a registry is reached, where files are or what is printed. */
const OF_MANAGERS = /^(?:npm_config|pnpm_config|yarn|bun)_/i;
const INDIFFERENT =
  /cache|(?:^|_)ca(?:_|file|$)|cert|colou?r|config$|loglevel|logs_|maxsockets|network|prefix|progress|proxy|registry|retr|socket|timeout|tmp|update_notifier|user/i;
/** Secrets are in no key. */
const SECRET = /auth|_key|password|secret|token/i;

/** The variables of a build that decide what is installed, sorted by name. */
export function installVariables(env: Environment): readonly (readonly [string, string])[] {
  return Object.entries(env)
    .flatMap(([name, value]): [string, string][] => (value !== undefined && decides(name) ? [[name, value]] : []))
    .toSorted(([one], [other]) => byCodeUnits(one, other));
}

/**
 * Settings of a user's .npmrc and .yarnrc.yml as the variables that say the same; lists and tables of the latter are of
 * registries and plugins.
 */
export function settingsAsVariables(npmrc: string, yarnrc: string): Environment {
  const entries = [
    ...named('npm_config_', npmrc, /^\s*([^\s;#=][^\s=]*)\s*=(.*)$/gm),
    ...named('yarn_', yarnrc, /^(\w+):(.+)$/gm),
  ];
  return Object.fromEntries(entries);
}

function named(prefix: string, text: string, line: RegExp): (readonly [string, string])[] {
  return [...text.matchAll(line)].map(([, key = '', value = '']) => [
    `${prefix}${key.replaceAll('-', '_')}`,
    value.trim(),
  ]);
}

function decides(name: string): boolean {
  if (SECRET.test(name)) return false;
  return OF_MANAGERS.test(name) ? !INDIFFERENT.test(name) : DECIDING.some((pattern) => pattern.test(name));
}
