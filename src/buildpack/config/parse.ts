import { FnError } from '../../base/error.ts';

/** What a text may be. */
export interface Shape {
  readonly pattern: RegExp;
  /** What the pattern allows, for hints. */
  readonly allowed: string;
}

/** A path of the app. */
export const PATH: Shape = {
  pattern: /^[^\p{Cc}]{1,1024}$/u,
  allowed: 'at most 1024 characters, any but line breaks and control characters, for example src/index.js',
};

/** Names of scripts of package.json, with commas between them. */
export const SCRIPTS: Shape = {
  pattern: /^[^\s\p{Cc},]+(?: *, *[^\s\p{Cc},]+)*$/u,
  allowed: 'names of scripts, with commas between them, for example build',
};

/** A text of that shape, or OFN-CONFIG; `source` is who said it. */
export function parseText(raw: string, source: string, { pattern, allowed }: Shape): string {
  if (pattern.test(raw)) return raw;
  throw new FnError(`Couldn't use ${source}: the value has characters it can't have, or is too long.`, {
    code: 'OFN-CONFIG',
    hint: `Set ${source} to ${allowed}.`,
  });
}

/** `on` or `off`, also as `true` and `false`, `1` and `0`. */
export function parseSwitch(raw: string, source: string): boolean {
  if (['on', 'true', '1'].includes(raw.toLowerCase())) return true;
  if (['off', 'false', '0'].includes(raw.toLowerCase())) return false;
  throw new FnError(`Couldn't use ${source}: "${raw}" is neither "on" nor "off".`, {
    code: 'OFN-CONFIG',
    hint: `Set ${source} to "on" or "off", or leave it out.`,
  });
}

/** The parts of a text with commas between them, without blanks and without empty ones. */
export function parseList(raw: string): readonly string[] {
  return raw
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '');
}
