import { FnError } from '../../base/error.ts';
import { ENCODED } from './encoded-variables.ts';

/** A value that looks as if it lost something on its way to the build. */
interface Sign {
  /** What is missing, and what a platform does to leave it like that. */
  readonly fault: string;
  /** Whether a value shows it. */
  readonly shows: (value: string, name: string) => boolean;
  /** It can not be meant like that; without it, it may. */
  readonly isCertain?: boolean;
}

/** The settings that are lists with commas. */
const LISTS: ReadonlySet<string> = new Set(['BP_NODE_RUN_SCRIPTS', 'BP_INSTALL_SCRIPTS']);

/** No function can have a "#" in its name. */
const NAMES: ReadonlySet<string> = new Set(['FUNC_NAME', 'FUNCTION_TARGET']);

const CUT_AT_EQUALS = 'as when a platform cuts values at their second "="';
const CUT_AT_BLANK = 'as when a platform cuts values at blanks and at "#"';
const CUT_AT_EITHER = 'as when a platform cuts values at blanks and at their second "="';

/** Options of Node.js that never stand alone: https://nodejs.org/api/cli.html#node_optionsoptions */
const NODE_OPTION =
  /(?:^| )(?:--(?:conditions|diagnostic-dir|dns-result-order|env-file|experimental-loader|heapsnapshot-signal|icu-data-dir|import|input-type|loader|max-http-header-size|max-(?:old|semi)-space-size|max-old-space-size-percentage|openssl-config|redirect-warnings|require|stack-trace-limit|title|tls-cipher-list|unhandled-rejections|v8-pool-size)|-[Cr])$/;

const PROGRAM = /^(?:bun|bunx|node|npm|npx|pnpm|sh|tsc|yarn)$/;
const COMMAND_NAME = /BUILD|CMD|COMMAND|ENTRYPOINT|SCRIPT/;

const SIGNS: readonly Sign[] = [
  {
    fault: 'there is a "#" in it, as when a shell ends at the "&" or ";" of another value, and variables run together',
    shows: (value, name) => NAMES.has(name) && value.includes('#'),
    isCertain: true,
  },
  {
    fault: `the last option is without its value, ${CUT_AT_EITHER}`,
    shows: (value, name) => name === 'NODE_OPTIONS' && NODE_OPTION.test(value),
    isCertain: true,
  },
  {
    fault: `the name of a label is without its value, ${CUT_AT_EITHER}`,
    shows: (value, name) => name === 'BP_IMAGE_LABELS' && /^[^\s="']+$/.test(value),
    isCertain: true,
  },
  {
    fault: `the list ends with a comma, ${CUT_AT_BLANK}`,
    shows: (value, name) => LISTS.has(name) && value.endsWith(','),
    isCertain: true,
  },
  {
    fault: `the last part of the query is without its value, ${CUT_AT_EQUALS}`,
    shows: (value) => /^[a-z][a-z\d+.-]*:\/\/\S*[?&][\w.~-]+$/i.test(value),
  },
  {
    fault: `it is a program without arguments, ${CUT_AT_BLANK}`,
    shows: (value, name) => COMMAND_NAME.test(name) && PROGRAM.test(value),
  },
  {
    fault: `a bracket is never closed, ${CUT_AT_BLANK}`,
    shows: (value) => /^[[{]/.test(value) && isOpen(value),
  },
  {
    fault: 'it is JSON without its quotes, as when a platform hands values to a shell',
    shows: (value) => /^(?:\{.+\}|\[.*[A-Za-z].*\])$/.test(value) && !value.includes('"'),
  },
];

/**
 * Looks for values that a platform damaged and says what to do: a warning where the value may be meant like that,
 * OFN-CONFIG where it can't. Values are not shown: they may be secrets.
 */
export function describeDamage(variables: Readonly<Record<string, string>>): readonly string[] {
  return Object.entries(variables).flatMap(([name, value]) => {
    const sign = SIGNS.find(({ shows }) => shows(value, name));
    if (sign === undefined) return [];
    const hint = `Give it in ${ENCODED} instead, which "ofn env '${name}=...'" prints for the value as it should be.`;
    if (sign.isCertain !== true) return [`${name} may have been damaged on its way here: ${sign.fault}. ${hint}`];
    throw new FnError(`Couldn't use ${name}: ${sign.fault}.`, { code: 'OFN-CONFIG', hint });
  });
}

function isOpen(value: string): boolean {
  let depth = 0;
  for (const character of value.replaceAll(/"(?:[^"\\]|\\.)*"/g, '')) {
    if ('[{'.includes(character)) depth += 1;
    if (']}'.includes(character)) depth -= 1;
  }
  return depth > 0;
}
