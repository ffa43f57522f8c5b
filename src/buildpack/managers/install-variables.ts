import { byCodeUnits } from '../../base/order.ts';
import type { Environment } from '../../base/setting.ts';

/** Variables that decide what an install makes: those of managers, of compilers, and of packages' install scripts. */
const DECIDING = [
  /^(?:npm_config|pnpm_config|yarn|bun)_/i,
  /^(?:AR|CC|CXX|LD|C(?:PP|XX)?FLAGS|LDFLAGS|MAKEFLAGS|GYP_DEFINES|PYTHON)$/,
  /^(?:CYPRESS|ELECTRON|PLAYWRIGHT|PRISMA|PUPPETEER|SENTRYCLI|SHARP)_/,
  /_(?:BINARY|SKIP_(?:\w+_)?(?:DOWNLOAD|INSTALL))(?:_|$)/,
];
/** How the registry is reached and what is printed make no difference; secrets are in no key. */
const INDIFFERENT =
  /auth|cache|(?:^|_)ca(?:_|file|$)|cert|colou?r|config$|_key|loglevel|logs_|maxsockets|network|password|prefix|progress|proxy|registry|retr|secret|socket|timeout|tmp|token|update_notifier|user/i;

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
  return DECIDING.some((pattern) => pattern.test(name)) && !INDIFFERENT.test(name);
}
