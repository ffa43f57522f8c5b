import { readFileSync } from 'node:fs';
import { registerHooks } from 'node:module';
import { fileURLToPath } from 'node:url';
import { isTable } from '../../base/table.ts';
import { tellObservation } from './observation.ts';
import { demandsOf, importedNames, packageOf, plainSource } from '../project/package-imports.ts';

/**
 * Stand-ins for packages that are not on disk, so that a module can be loaded to see what it exports.
 * An `import` or `require` of such a package gets a value that can be called, constructed and read without end.
 * Only what an earlier build found in the same install gets one, so a missing package stays missing.
 */
const SCHEME = 'ofn-stand-in:';
/** What a real value would answer and a stand-in can't. */
const QUESTIONS: ReadonlyMap<string | symbol, string> = new Map([
  [Symbol.toPrimitive, 'a value'],
  [Symbol.iterator, 'elements'],
  [Symbol.asyncIterator, 'elements'],
  [Symbol.hasInstance, 'whether a value is of a class'],
]);

/** The value every export of an absent package has; `ask` hears what code wants to know of it. */
export function createStandIn(ask: (question: string) => void): object {
  const standIn: object = new Proxy(function standIn() {}, {
    get: (target, key) => {
      if (key === 'prototype') return target.prototype as unknown;
      const question = QUESTIONS.get(key);
      if (question !== undefined) ask(question);
      if (key === Symbol.toPrimitive) return () => '';
      if (key === Symbol.iterator) return function* none() {};
      return key === 'then' ? undefined : standIn;
    },
    has: () => {
      ask('whether there is a name');
      return false;
    },
    ownKeys: (target) => {
      ask('names');
      return Reflect.ownKeys(target);
    },
    apply: () => standIn,
    construct: () => standIn,
  });
  return standIn;
}

/**
 * From now on, tells which packages the app's own modules use, and answers an `import` or `require` whose `demands` are
 * all known, and whose package is not on disk, with a stand-in.
 */
export function installStandIns(demands: readonly string[]): void {
  const known = new Set(demands);
  const standIn = createStandIn((undecided) => tellObservation({ undecided }));
  Object.defineProperty(globalThis, Symbol.for(SCHEME), { value: standIn });
  registerHooks({
    resolve(specifier, context, nextResolve) {
      if (packageOf(specifier) === undefined || !isOfApp(context.parentURL)) return nextResolve(specifier, context);
      const how = context.conditions.includes('import') ? 'import' : 'require';
      const names = how === 'import' ? importedNames(sourceOf(context.parentURL), specifier) : NO_NAMES;
      const wanted = demandsOf(how, specifier, names.named);
      const found = (): ReturnType<typeof nextResolve> => {
        try {
          return nextResolve(specifier, context);
        } catch (error) {
          if (!wanted.every((demand) => known.has(demand))) throw error;
          const url = `${SCHEME}${specifier}?${[...new Set([...names.named, ...names.members])].join('&')}`;
          return { url, format: how === 'import' ? 'module' : 'commonjs', shortCircuit: true };
        }
      };
      const result = found();
      for (const demand of wanted) tellObservation({ demand });
      return result;
    },
    load(url, context, nextLoad) {
      if (!url.startsWith(SCHEME)) return nextLoad(url, context);
      return { format: context.format ?? 'module', source: sourceOfStandIn(url, context.format), shortCircuit: true };
    },
  });
}

/** Tells when what is to be served came out of an absent package, also as the handler in a table. */
export function tellIfStandIn(served: unknown): void {
  const standIn: unknown = Reflect.get(globalThis, Symbol.for(SCHEME));
  const handler: unknown = isTable(served) ? served['handler'] : served;
  if (handler === standIn) tellObservation({ undecided: 'the function itself' });
}

const NO_NAMES = { named: [], members: [] };

function sourceOfStandIn(url: string, format: string | null | undefined): string {
  const value = `globalThis[Symbol.for(${JSON.stringify(SCHEME)})]`;
  if (format === 'commonjs') return `module.exports = ${value};`;
  const names = url
    .slice(url.indexOf('?') + 1)
    .split('&')
    .filter((name) => name !== '');
  return `const s = ${value};\nexport default s;\n${names.map((name) => `export { s as ${name} };`).join('\n')}`;
}

function isOfApp(parentUrl: string | undefined): parentUrl is string {
  return parentUrl !== undefined && parentUrl.startsWith('file:') && !parentUrl.includes('/node_modules/');
}

function sourceOf(parentUrl: string): string {
  const path = fileURLToPath(parentUrl);
  return plainSource(readFileSync(path, 'utf8'), path);
}
