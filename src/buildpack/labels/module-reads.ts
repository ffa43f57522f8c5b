import { type AnyNode, type Expression, type Pattern, parse, type Super } from 'acorn';

/** What a module says of itself, as far as names stand in it. */
export interface ModuleReads {
  /** Variables of the environment that it reads. */
  readonly variables: ReadonlySet<string>;
  /** What it imports or requires. */
  readonly specifiers: ReadonlySet<string>;
}

/** What a value is, as far as it concerns variables. */
type Meaning = 'process' | 'env';

/** Names that every object has. */
const INHERITED: ReadonlySet<string> = new Set(Object.getOwnPropertyNames(Object.prototype));
const PROCESS: ReadonlySet<unknown> = new Set(['process', 'node:process']);
const GLOBALS: ReadonlySet<string> = new Set(['globalThis', 'global']);

/** Reads the JavaScript of a module; undefined where it is none. */
export function readsOf(source: string): ModuleReads | undefined {
  const program = parsed(source, 'module') ?? parsed(source, 'script');
  if (program === undefined) return undefined;
  const reads = { variables: new Set<string>(), specifiers: new Set<string>() };
  const meanings = new Map<string, Meaning>([['process', 'process']]);
  const nodes = nodesIn(program);
  // A name may be used above the line that gives it its meaning.
  for (const node of nodes) collectNames(node, meanings);
  const written = new Set(nodes.flatMap(targetsOf));
  for (const node of nodes) {
    for (const name of namesRead(node, meanings, written)) if (!INHERITED.has(name)) reads.variables.add(name);
    const specifier = specifierOf(node);
    if (specifier !== undefined) reads.specifiers.add(specifier);
  }
  return reads;
}

function parsed(source: string, sourceType: 'module' | 'script'): AnyNode | undefined {
  try {
    return parse(source, { ecmaVersion: 'latest', sourceType, allowHashBang: true, allowReturnOutsideFunction: true });
  } catch {
    return undefined;
  }
}

/** Those of a tree, however deep it is: bundled code has sums of thousands of parts. */
function nodesIn(program: AnyNode): readonly AnyNode[] {
  const nodes = [program];
  for (const node of nodes) {
    for (const value of Object.values(node)) nodes.push(...(Array.isArray(value) ? value : [value]).filter(isNode));
  }
  return nodes;
}

function isNode(value: unknown): value is AnyNode {
  return typeof value === 'object' && value !== null && 'type' in value && typeof value.type === 'string';
}

type Meanings = ReadonlyMap<string, Meaning>;

/** What a value means; undefined for anything else. */
function meaningOf(node: AnyNode | Expression | Super | null | undefined, meanings: Meanings): Meaning | undefined {
  switch (node?.type) {
    case 'Identifier':
      return meanings.get(node.name);
    case 'MemberExpression': {
      const key = keyOf(node.property, node.computed);
      if (node.object.type === 'Identifier' && GLOBALS.has(node.object.name)) {
        return key === 'process' ? 'process' : undefined;
      }
      return partOf(meaningOf(node.object, meanings), key);
    }
    case 'ChainExpression':
      return meaningOf(node.expression, meanings);
    case 'LogicalExpression':
      return meaningOf(node.left, meanings);
    case 'AwaitExpression':
      return meaningOf(node.argument, meanings);
    case 'ImportExpression':
    case 'CallExpression':
      return PROCESS.has(specifierOf(node)) ? 'process' : undefined;
    default:
      return undefined;
  }
}

/** What a member of a value means. */
function partOf(whole: Meaning | undefined, key: string | undefined): Meaning | undefined {
  if (whole !== 'process') return undefined;
  if (key === 'env') return 'env';
  return key === 'default' ? 'process' : undefined;
}

/** Names that a declaration gives to the process or to its environment. */
function collectNames(node: AnyNode, meanings: Map<string, Meaning>): void {
  if (node.type === 'ImportDeclaration' && PROCESS.has(node.source.value)) {
    for (const specifier of node.specifiers) {
      const imported = specifier.type === 'ImportSpecifier' ? nameOf(specifier.imported) : 'default';
      const meaning = partOf('process', imported);
      if (meaning !== undefined) meanings.set(specifier.local.name, meaning);
    }
  }
  for (const { pattern, meaning } of takenApart(node, meanings)) {
    if (pattern.type === 'Identifier' && meaning !== undefined) meanings.set(pattern.name, meaning);
  }
}

/** The variables whose values a node reads. */
function namesRead(node: AnyNode, meanings: Meanings, written: ReadonlySet<AnyNode>): readonly string[] {
  if (node.type === 'MemberExpression' && !written.has(node) && meaningOf(node.object, meanings) === 'env') {
    const key = keyOf(node.property, node.computed);
    return key === undefined ? [] : [key];
  }
  if (node.type === 'BinaryExpression' && node.operator === 'in' && meaningOf(node.right, meanings) === 'env') {
    const key = node.left.type === 'PrivateIdentifier' ? undefined : keyOf(node.left, true);
    return key === undefined ? [] : [key];
  }
  return takenApart(node, meanings).flatMap(({ pattern, meaning }) =>
    meaning === 'env' && pattern.type === 'ObjectPattern' ? keysOf(pattern).map(({ key }) => key) : [],
  );
}

/** A pattern, and what is taken apart by it. */
interface Taken {
  readonly pattern: Pattern;
  readonly meaning: Meaning | undefined;
}

/** What a node takes apart, inner patterns too. */
function takenApart(node: AnyNode, meanings: Meanings): readonly Taken[] {
  if (node.type === 'VariableDeclarator') return inner(node.id, meaningOf(node.init, meanings));
  if (node.type === 'AssignmentPattern') return inner(node.left, meaningOf(node.right, meanings));
  return node.type === 'AssignmentExpression' && node.operator === '=' && node.left.type !== 'MemberExpression'
    ? inner(node.left, meaningOf(node.right, meanings))
    : [];
}

function inner(pattern: Pattern, meaning: Meaning | undefined): readonly Taken[] {
  if (meaning === undefined) return [];
  const parts = pattern.type === 'ObjectPattern' ? keysOf(pattern) : [];
  return [{ pattern, meaning }, ...parts.flatMap(({ key, value }) => inner(value, partOf(meaning, key)))];
}

function keysOf({
  properties,
}: Pattern & { readonly type: 'ObjectPattern' }): readonly { key: string; value: Pattern }[] {
  return properties.flatMap((property) => {
    const key = property.type === 'Property' ? keyOf(property.key, property.computed) : undefined;
    if (property.type !== 'Property' || key === undefined) return [];
    const { value } = property;
    return [{ key, value: value.type === 'AssignmentPattern' ? value.left : value }];
  });
}

/** What a node writes to or removes, which reads nothing. */
function targetsOf(node: AnyNode): readonly AnyNode[] {
  switch (node.type) {
    case 'AssignmentExpression':
      return node.operator === '=' ? [node.left] : [];
    case 'UnaryExpression':
      return node.operator === 'delete' ? [node.argument, ...chained(node.argument)] : [];
    case 'ForInStatement':
    case 'ForOfStatement':
      return [node.left];
    case 'ArrayPattern':
      return node.elements.filter((element) => element !== null);
    case 'AssignmentPattern':
      return [node.left];
    case 'ObjectPattern':
      return keysOf(node).map(({ value }) => value);
    default:
      return [];
  }
}

function chained(node: AnyNode): readonly AnyNode[] {
  return node.type === 'ChainExpression' ? [node.expression] : [];
}

/** What a node imports, where it says so by a text. */
function specifierOf(node: AnyNode): string | undefined {
  switch (node.type) {
    case 'ImportDeclaration':
    case 'ExportAllDeclaration':
    case 'ExportNamedDeclaration':
    case 'ImportExpression':
      return textOf(node.source);
    case 'CallExpression':
      return isRequire(node.callee) ? textOf(node.arguments[0]) : undefined;
    default:
      return undefined;
  }
}

/** `require`, and `process.getBuiltinModule`. */
function isRequire(callee: AnyNode): boolean {
  if (callee.type === 'Identifier') return callee.name === 'require';
  return callee.type === 'MemberExpression' && keyOf(callee.property, callee.computed) === 'getBuiltinModule';
}

/** The name of a member: as it is written, or by a text in brackets. */
function keyOf(key: AnyNode, computed: boolean): string | undefined {
  return !computed && key.type === 'Identifier' ? key.name : textOf(key);
}

function nameOf(node: AnyNode): string | undefined {
  return keyOf(node, false);
}

/** A text, be it in quotes of any kind. */
function textOf(node: AnyNode | null | undefined): string | undefined {
  if (node?.type === 'Literal') return typeof node.value === 'string' ? node.value : undefined;
  return node?.type === 'TemplateLiteral' && node.expressions.length === 0
    ? (node.quasis[0]?.value.cooked ?? undefined)
    : undefined;
}
