import type { Environment } from '../base/setting.ts';

/** Reads `--flag value` and `--flag=value`; a flag with nothing behind it is `true`. Anything else is left alone. */
export function parseFlags(args: readonly string[]): Environment {
  const flags: Record<string, string> = {};
  for (const [index, arg] of args.entries()) {
    const [, flag, value] = /^--([a-z0-9-]+)(?:=(.*))?$/s.exec(arg) ?? [];
    if (flag === undefined) continue;
    const next = args[index + 1];
    flags[flag] = value ?? (next === undefined || /^--?[a-z]/i.test(next) ? 'true' : next);
  }
  return flags;
}
