import { createRequire, registerHooks } from 'node:module';
import { pathToFileURL } from 'node:url';
import { FnError, messageOf } from '../../base/error.ts';
import { closest } from '../../base/closest.ts';
import { findPlugins, type LoadedPlugin } from './find-plugins.ts';

/** Where a listed plugin was looked for. */
export interface PackageSources {
  readonly folder: string;
  /** Names of the plugins that the folder has. */
  readonly ofFolder: readonly string[];
  /** The function's module, whose dependencies are asked. */
  readonly modulePath: string;
}

/** The plugin that a package exports: the one of that name, else its first; OFN-PLUGIN when there is none. */
export async function packagePlugin(name: string, sources: PackageSources): Promise<LoadedPlugin> {
  const failures: unknown[] = [];
  try {
    const module = await importFrom(sources.modulePath, name);
    const found = findPlugins(module, new Set(), (error) => void failures.push(error));
    const chosen = found.find(({ plugin }) => plugin.name === name) ?? found[0];
    if (chosen !== undefined) return chosen;
  } catch (error) {
    if (isAbsent(error, name)) throw missing(name, sources, 'there is no package of that name', error);
    failures.push(error);
  }
  const [error] = failures;
  const why = error === undefined ? 'exports no plugin' : `can not be loaded: ${messageOf(error)}`;
  throw missing(name, sources, `the package of that name ${why}`, error);
}

function missing(name: string, { folder, ofFolder }: PackageSources, why: string, cause?: unknown): FnError {
  const meant = closest(name, ofFolder);
  const has = ofFolder.length === 0 ? 'none' : ofFolder.join(', ');
  return new FnError(`Couldn't find the plugin "${name}": ${folder} has ${has}, and ${why}.`, {
    code: 'OFN-PLUGIN',
    hint: `${meant === undefined ? '' : `Did you mean "${meant}"? `}Put it into the folder, add it to "dependencies", or take it out of prePlugins and postPlugins.`,
    cause,
  });
}

/** Loads a package as an `import` of the app finds it, which `require` may not: packages may have ES modules alone. */
async function importFrom(modulePath: string, name: string): Promise<unknown> {
  const parentURL = pathToFileURL(modulePath).href;
  let url = '';
  const hooks = registerHooks({
    resolve(specifier, context, next) {
      if (specifier !== name || context.parentURL !== parentURL) return next(specifier, context);
      const resolved = next(specifier, { ...context, conditions: IMPORT_CONDITIONS });
      ({ url } = resolved);
      return resolved;
    },
  });
  try {
    return createRequire(modulePath)(name);
  } catch (error) {
    if (!url.startsWith('file:') || !hasCode(error, 'ERR_REQUIRE_ASYNC_MODULE')) throw error;
    return await import(/* webpackIgnore: true */ url);
  } finally {
    hooks.deregister();
  }
}

/** https://nodejs.org/api/packages.html#conditional-exports */
const IMPORT_CONDITIONS = ['node', 'import', 'module-sync', 'node-addons'];

function isAbsent(error: unknown, name: string): boolean {
  return hasCode(error, 'MODULE_NOT_FOUND') && error.message.startsWith(`Cannot find module '${name}'`);
}

function hasCode(error: unknown, code: string): error is Error {
  return error instanceof Error && 'code' in error && error.code === code;
}
