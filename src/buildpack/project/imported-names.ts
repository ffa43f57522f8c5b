/** What a module takes from a package. */
export interface ImportedNames {
  /** Names of static imports, `default` among them: the package must export them, or the module does not load. */
  readonly named: readonly string[];
  /** Names read from what was imported: the module loads without them. `default.x` is read from the default export. */
  readonly members: readonly string[];
  /** Whether a compiler's helper gives a default export to packages that have none. */
  readonly hasInterop: boolean;
}

/** A value of the package in the module's text. */
interface Expression {
  /** A regular expression of its text. */
  readonly pattern: string;
  /** What stands before names read from it: `default.` for the default export, nothing for the package. */
  readonly path: string;
}

const STATIC_IMPORT = /\b(?:import|export)\s*([\w$\s,{}*]*?)\s*from\s*(['"])([^'"]+)\2/g;
/** What can't stand before a name of its own; the dots of `...name` can. */
const ALONE = String.raw`(?<![\w$]|(?<!\.\.)\.)`;
const NAME = String.raw`[A-Za-z_$][\w$]*`;
/** Of what TypeScript, Babel, SWC and esbuild put around `require`, such as `tslib_1.__importDefault`. */
const HELPER = String.raw`(?<![\w$.])[\w$.]*(?:[iI]mport|[iI]nterop|toESM)[\w$.]*\s*\(\s*`;

/**
 * The names a module takes from `specifier` by `import` or by `require`; `source` is plain. They are read from the text:
 * a name that only looks like one of the package may be among them.
 */
export function importedNames(source: string, specifier: string, how: 'import' | 'require'): ImportedNames {
  const clauses = how === 'import' ? staticClauses(source, specifier) : [];
  const call = callOf(specifier, how);
  const called = String.raw`(?:${HELPER}${call}[^()]*\)|\(\s*await\s+${call}\s*\)|(?:await\s+)?${call})`;
  const expressions: Expression[] = [...clauses.flatMap(bindingsOf), { pattern: called, path: '' }];
  const members = new Set<string>();
  // The list grows while names are given to what is in it.
  for (const expression of expressions) {
    for (const name of membersOf(source, expression)) members.add(name);
    for (const alias of aliasesOf(source, expression)) {
      if (!expressions.some(({ pattern, path }) => pattern === alias.pattern && path === alias.path))
        expressions.push(alias);
    }
  }
  const named = new Set(clauses.flatMap(namesBetween));
  const hasInterop = how === 'require' && new RegExp(`${HELPER}${call}`).test(source);
  return { named: [...named].toSorted(), members: [...members].toSorted(), hasInterop };
}

function staticClauses(source: string, specifier: string): string[] {
  return [...source.matchAll(STATIC_IMPORT)].flatMap(([, clause = '', , from]) => (from === specifier ? [clause] : []));
}

/** The names that a clause of an import must find. */
function namesBetween(clause: string): string[] {
  const listed = /\{([^}]*)\}/.exec(clause)?.[1]?.split(',') ?? [];
  const names = listed.flatMap((part) => /^\s*(?!type\s)([\w$]+)/.exec(part)?.[1] ?? []);
  return defaultOf(clause) === undefined ? names : ['default', ...names];
}

/** What a clause of an import gives a name in the module, from which more is read. */
function bindingsOf(clause: string): Expression[] {
  const namespace = /\*\s*as\s+([\w$]+)/.exec(clause)?.[1];
  const defaults = [defaultOf(clause), /\bdefault\s+as\s+([\w$]+)/.exec(clause)?.[1]];
  return [
    ...(namespace === undefined ? [] : [{ pattern: variable(namespace), path: '' }]),
    ...defaults.flatMap((name) => (name === undefined ? [] : [{ pattern: variable(name), path: 'default.' }])),
  ];
}

function defaultOf(clause: string): string | undefined {
  return /^\s*(?!type\s)([\w$]+)\s*(?:,|$)/.exec(clause)?.[1];
}

function callOf(specifier: string, how: 'import' | 'require'): string {
  return String.raw`\b${how}\s*\(\s*(?:"${escaped(specifier)}"|'${escaped(specifier)}')\s*\)`;
}

function variable(name: string): string {
  return String.raw`${ALONE}${escaped(name)}(?![\w$])`;
}

function escaped(text: string): string {
  return text.replaceAll(/[$.*+?^()[\]{}|\\/]/g, String.raw`\$&`);
}

/** Names read with a dot, by their text in brackets or by a pattern of names between braces. */
function membersOf(source: string, { pattern, path }: Expression): string[] {
  const dotted = new RegExp(String.raw`${pattern}\s*\??\.\s*(${NAME})(?:\s*\??\.\s*(${NAME}))?`, 'g');
  const quoted = new RegExp(String.raw`${pattern}\s*(?:\?\.\s*)?\[\s*(['"])(${NAME})\1\s*\]`, 'g');
  const taken = new RegExp(String.raw`\}\s*=\s*${pattern}(\s*\.\s*default)?(?![\w$]|\s*[.([])`, 'g');
  return [
    ...[...source.matchAll(dotted)].flatMap(([, name = '', next]) => namesUnder(path, name, next)),
    ...[...source.matchAll(quoted)].map(([, , name]) => `${path}${name}`),
    ...[...source.matchAll(taken)].flatMap(({ 1: inner, index }) =>
      patternNames(source, index).map((name) => `${inner === undefined ? path : 'default.'}${name}`),
    ),
  ];
}

function namesUnder(path: string, name: string, next: string | undefined): string[] {
  const isDefault = path === '' && name === 'default';
  return [`${path}${name}`, ...(isDefault && next !== undefined ? [`default.${next}`] : [])];
}

/** The names that a pattern takes, which ends with the brace at `end`. */
function patternNames(source: string, end: number): string[] {
  let start = end;
  for (let depth = 1; depth > 0 && start > 0;) {
    start -= 1;
    if (source[start] === '}') depth += 1;
    if (source[start] === '{') depth -= 1;
  }
  const outermost = source.slice(start + 1, end).replaceAll(/\{[^{}]*\}/g, '');
  return outermost.split(',').flatMap((part) => new RegExp(String.raw`^\s*['"]?(${NAME})`).exec(part)?.[1] ?? []);
}

/** The variables that hold it, or its default export. */
function aliasesOf(source: string, { pattern, path }: Expression): Expression[] {
  const assigned = new RegExp(
    String.raw`${ALONE}(${NAME})\s*=\s*${pattern}(\s*\.\s*default)?(?![\w$]|\s*(?:[.([]|\?\.))`,
    'g',
  );
  return [...source.matchAll(assigned)].flatMap(([, name = '', inner]) => {
    if (inner === undefined) return [{ pattern: variable(name), path }];
    return path === '' ? [{ pattern: variable(name), path: 'default.' }] : [];
  });
}
