/**
 * Whether one of the patterns of project.toml names a path. They are those of .gitignore as `pack` reads them: a later
 * one wins over an earlier one, also with `!` below a folder that is named, and `?` is a plain character.
 */
export function matchesPatterns(patterns: readonly string[], path: string): boolean {
  let isNamed = false;
  for (const { expression, negated } of patterns.flatMap(compile)) if (expression.test(path)) isNamed = !negated;
  return isNamed;
}

interface Pattern {
  readonly expression: RegExp;
  readonly negated: boolean;
}

function compile(line: string): Pattern[] {
  const text = line.trim();
  if (text === '' || text.startsWith('#')) return [];
  const negated = text.startsWith('!');
  const glob = (negated ? text.slice(1) : text).replace(/^\\(?=[#!])/, '').replace(/^\/(?=\*\*\/)/, '');
  // A folder and a suffix, as in src/*.ts, are meant from the root on.
  const isRooted = glob.startsWith('/') || /[^/+]\/.*\*\./.test(glob);
  const below = glob.endsWith('/') ? '.*' : '(?:/.*)?';
  const start = isRooted ? '^' : '^(?:.*/)?';
  return [{ expression: new RegExp(`${start}${expressionOf(glob.replace(/^\//, ''))}${below}$`), negated }];
}

const WILDCARDS: Readonly<Record<string, string>> = {
  '/**/': '/(?:.+/)?',
  '**/': '(?:.*/)?',
  '/**': '(?:/.*)?',
  '*': '[^/]*',
};

function expressionOf(glob: string): string {
  return glob.replaceAll(
    /\/\*\*\/|\*\*\/|\/\*\*|\*|\[[^\]/]+\]|[$()+.?[\\\]^{|}]/g,
    (part) => WILDCARDS[part] ?? (part.length > 1 ? part.replace(/^\[!/, '[^') : `\\${part}`),
  );
}
