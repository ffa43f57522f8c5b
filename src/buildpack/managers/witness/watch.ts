import { appendFileSync } from 'node:fs';
import module from 'node:module';
import { relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { isInside, isOfPackages, isPath } from '../../../base/inside.ts';
import type { Environment } from '../../../base/setting.ts';
import { watchFiles } from '../../../base/watch-files.ts';
import { WITNESS } from './protocol.ts';

/**
 * In the process of an install script, writes down every path of the app that it looks at, makes or lists, but for
 * installed packages: what it leaves in node_modules may come of that. Package managers set `npm_lifecycle_event` in scripts.
 */
export function witness(env: Environment): void {
  const { [WITNESS.app]: app, [WITNESS.file]: file, npm_lifecycle_event: event } = env;
  if (app === undefined || file === undefined || event === undefined) return;
  const told = new Set<string>();
  const tell = (path: string, isList: boolean): void => {
    if (!isInside(app, path) || isOfPackages(path)) return;
    const look = relative(app, path) + (isList ? '/' : '');
    if (told.has(look)) return;
    told.add(look);
    appendFileSync(file, `${JSON.stringify(look)}\n`);
  };
  watchFiles(tell);
  watchMissingModules((path) => tell(path, false));
}

/** What Node.js tries for a path; not all of it, for one that is there ends the search. */
const TRIED = ['', '.js', '.json', '.node', '/package.json', '/index.js', '/index.json', '/index.node'];

/** Tells paths that modules are looked for at in vain: the loaders ask without node:fs. Node.js before 22.15 has no hooks. */
function watchMissingModules(tell: (path: string) => void): void {
  const { registerHooks }: Partial<typeof module> = module;
  registerHooks?.({
    resolve(specifier, context, nextResolve) {
      try {
        return nextResolve(specifier, context);
      } catch (error) {
        const path = pathOf(specifier, context.parentURL);
        if (path !== undefined) for (const end of TRIED) tell(path + end);
        throw error;
      }
    },
  });
}

/** The path that a specifier means; undefined for packages and what is no file. */
function pathOf(specifier: string, parent: string | undefined): string | undefined {
  if (!isPath(specifier) && !specifier.startsWith('file:')) return undefined;
  const base = parent?.startsWith('file:') === true ? parent : 'file:///';
  return URL.canParse(specifier, base) ? fileURLToPath(new URL(specifier, base)) : undefined;
}
