/** What POSIX has for characters, by its names: https://pkg.go.dev/regexp/syntax */
const POSIX: Readonly<Record<string, string>> = {
  alnum: '0-9A-Za-z',
  alpha: 'A-Za-z',
  ascii: '\\x00-\\x7F',
  blank: '\\t ',
  cntrl: '\\x00-\\x1F\\x7F',
  digit: '0-9',
  graph: '!-~',
  lower: 'a-z',
  print: ' -~',
  punct: '!-\\/:-@\\[-`\\{-~',
  space: '\\t\\n\\v\\f\\r ',
  upper: 'A-Z',
  word: '0-9A-Za-z_',
  xdigit: '0-9A-Fa-f',
};

/** What Go writes otherwise than JavaScript does. */
const WRITTEN: Readonly<Record<string, string>> = {
  '\\A': '(?<![^])',
  '\\z': '(?![^])',
  '\\a': '\\x07',
  '(?P<': '(?<',
  '{': '\\{',
  '}': '\\}',
  ']': '\\]',
};

/** Outside of brackets, and within: a quote, an escape, what opens, a quantifier, any other character. */
const OUTSIDE =
  /\\Q(?<quote>[^]*?)(?:\\E|$)|\\[pP](?:(?<category>[A-Z])|\{(?<not>\^?)(?<characters>\w+)\})|\\x\{(?<code>[0-9A-Fa-f]+)\}|\\[^]|\(\?P<|\{\d+(?:,\d*)?\}|\[\^?\]?|[^]/uy;
const WITHIN =
  /\[:(?<name>\^?\w+):\]|\\[pP](?:(?<category>[A-Z])|\{(?<not>\^?)(?<characters>\w+)\})|\\x\{(?<code>[0-9A-Fa-f]+)\}|\\Q(?<quote>[^]*?)(?:\\E|$)|\\[^]|[^]/uy;
/** Characters that a pattern has to have a backslash before; no other may have one that is no letter or digit. */
const SYNTAX = /[\\^$.*+?()[\]{}|/-]/g;

/**
 * A pattern as Go's regexp has it. Throws a SyntaxError for what JavaScript has no words for, and for what is no pattern:
 * none is taken for another one.
 */
export function patternOf(regex: string): RegExp {
  const [, given = '', rest = ''] = /^(?:\(\?([ims]+)\))?([^]*)$/.exec(regex) ?? [];
  return new RegExp(translate(rest), `${[...new Set(given)].join('')}u`);
}

function translate(source: string): string {
  let isWithin = false;
  let translated = '';
  for (let at = 0; at < source.length;) {
    const token = isWithin ? WITHIN : OUTSIDE;
    token.lastIndex = at;
    const [text = '', groups] = found(token.exec(source));
    at += Math.max(1, text.length);
    if (isWithin) translated += within(text, groups);
    else translated += text.startsWith('[') ? opening(text) : outside(text, groups);
    isWithin = isWithin ? text !== ']' : text.startsWith('[');
  }
  return translated;
}

type Groups = Readonly<Record<string, string | undefined>>;

function found(match: RegExpExecArray | null): [text: string | undefined, groups: Groups] {
  return [match?.[0], match?.groups ?? {}];
}

/** A bracket that closes at once is one of the characters. */
function opening(text: string): string {
  return text.endsWith(']') ? `${text.slice(0, -1)}\\]` : text;
}

function outside(text: string, groups: Groups): string {
  return WRITTEN[text] ?? either(text, groups);
}

function within(text: string, groups: Groups): string {
  const { name } = groups;
  if (name === undefined) return text === '[' ? '\\[' : either(text, groups);
  const characters = POSIX[name];
  if (characters === undefined) throw new SyntaxError(`there are no characters named ${name}`);
  return characters;
}

/** What is the same within brackets and outside. */
function either(text: string, { quote, category, not, characters, code }: Groups): string {
  if (quote !== undefined) return quote.replace(SYNTAX, (character) => escaped(character));
  if (category !== undefined) return `${text.slice(0, 2)}{${category}}`;
  if (characters !== undefined) return property(text.startsWith('\\P') !== (not === '^'), characters);
  if (code !== undefined) return `\\u{${code}}`;
  return /^\\[^0-9A-Za-z]/.test(text) ? escaped(text.slice(1)) : text;
}

/** Categories have one letter or two; other names are those of scripts, beside one. */
function property(isOther: boolean, characters: string): string {
  const isScript = characters.length > 2 && characters !== 'Any';
  return `\\${isOther ? 'P' : 'p'}{${isScript ? 'Script=' : ''}${characters}}`;
}

function escaped(character: string): string {
  // Outside of brackets JavaScript has no backslash before it.
  if (character === '-') return '\\x2D';
  return character.replace(SYNTAX, '\\$&');
}
