import { isBuiltin, registerHooks, stripTypeScriptTypes } from 'node:module';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/**
 * Stand-ins for packages that are not on disk, so that a module can be loaded to see what it exports.
 * An `import` or `require` of such a package gets a value that can be called, constructed and read without end.
 * Loading under stand-ins proves a fault of the module only together with a real install.
 */
const SCHEME = 'ofn-stand-in:';
const NAMES_IN_IMPORT = /\b(?:import|export)\s*([\w$\s,{}*]*?)\s*from\s*(['"])([^'"]+)\2/g;

/** The value every export of an absent package has. */
export function createStandIn(): object {
  const standIn: object = new Proxy(function standIn() {}, {
    get: (target, key) => {
      if (key === 'prototype') return target.prototype as unknown;
      if (key === Symbol.toPrimitive) return () => '';
      if (key === Symbol.iterator) return function* none() {};
      return key === 'then' ? undefined : standIn;
    },
    apply: () => standIn,
    construct: () => standIn,
  });
  return standIn;
}

/** The package of a bare specifier (`@scope/name/sub` is `@scope/name`), or undefined for paths, URLs and built-ins. */
export function packageOf(specifier: string): string | undefined {
  if (isBuiltin(specifier)) return undefined;
  return /^(?:@[\w.~-]+\/)?[\w~-][\w.~-]*(?=$|\/)/.exec(specifier)?.[0];
}

/** The names a module imports from `specifier`, as far as static imports tell. */
export function importedNames(source: string, specifier: string): string[] {
  const names = new Set<string>();
  for (const [, clause = '', , from] of source.matchAll(NAMES_IN_IMPORT)) {
    if (from !== specifier) continue;
    for (const part of /\{([^}]*)\}/.exec(clause)?.[1]?.split(',') ?? []) {
      const name = /^\s*(?!type\s)([\w$]+)/.exec(part)?.[1];
      if (name !== undefined && name !== 'default') names.add(name);
    }
    const namespace = /\*\s*as\s+([\w$]+)/.exec(clause)?.[1];
    if (namespace !== undefined) for (const name of membersOf(source, namespace)) names.add(name);
  }
  return [...names].toSorted();
}

function membersOf(source: string, namespace: string): string[] {
  const member = new RegExp(`(?<![\\w$.])${namespace.replaceAll('$', '\\$')}\\.([A-Za-z_$][\\w$]*)`, 'g');
  return [...source.matchAll(member)].flatMap(([, name = 'default']) => (name === 'default' ? [] : [name]));
}

/** From now on, `import` and `require` of an absent package in `packages` get a stand-in. */
export function installStandIns(packages: readonly string[]): void {
  const standIn = createStandIn();
  Object.defineProperty(globalThis, Symbol.for(SCHEME), { value: standIn });
  registerHooks({
    resolve(specifier, context, nextResolve) {
      try {
        return nextResolve(specifier, context);
      } catch (error) {
        const name = packageOf(specifier);
        if (name === undefined || !packages.includes(name)) throw error;
        const imported = importedNames(sourceOf(context.parentURL), specifier);
        const format = context.conditions.includes('import') ? 'module' : 'commonjs';
        return { url: `${SCHEME}${specifier}?${imported.join('&')}`, format, shortCircuit: true };
      }
    },
    load(url, context, nextLoad) {
      if (!url.startsWith(SCHEME)) return nextLoad(url, context);
      return { format: context.format ?? 'module', source: sourceOfStandIn(url, context.format), shortCircuit: true };
    },
  });
}

function sourceOfStandIn(url: string, format: string | null | undefined): string {
  const value = `globalThis[Symbol.for(${JSON.stringify(SCHEME)})]`;
  if (format === 'commonjs') return `module.exports = ${value};`;
  const names = url
    .slice(url.indexOf('?') + 1)
    .split('&')
    .filter((name) => name !== '');
  return `const s = ${value};\nexport default s;\n${names.map((name) => `export { s as ${name} };`).join('\n')}`;
}

function sourceOf(parentUrl: string | undefined): string {
  if (parentUrl === undefined || !parentUrl.startsWith('file:')) return '';
  const path = fileURLToPath(parentUrl);
  const source = readFileSync(path, 'utf8');
  return /\.[mc]?ts$/.test(path) ? stripTypeScriptTypes(source) : source;
}
