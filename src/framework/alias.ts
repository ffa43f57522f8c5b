import { registerHooks } from 'node:module';

/** Module files that specifiers lead to. */
export type Aliases = Readonly<Record<string, URL>>;

/** The names by which functions import the framework, and the modules of this copy that serve them. */
export function frameworkAliases(folder: URL, suffix: '.js' | '.ts' = '.js'): Aliases {
  const module = (name: string): URL => new URL(name + suffix, folder);
  return {
    '@openfunction/functions-framework': module('index'),
    '@openfunction/functions-framework/testing': module('testing'),
    '@google-cloud/functions-framework': module('google'),
    '@google-cloud/functions-framework/testing': module('testing'),
  };
}

/**
 * Leads specifiers to modules of this copy, for `import` and `require` alike: what a function declares reaches the server
 * whether the package is installed, another copy is, or none.
 */
export function installAliases(aliases: Aliases): void {
  const urls = new Map(Object.entries(aliases).map(([specifier, url]) => [specifier, url.href]));
  registerHooks({
    resolve(specifier, context, nextResolve) {
      const url = urls.get(specifier);
      return url === undefined ? nextResolve(specifier, context) : { url, shortCircuit: true };
    },
  });
}
