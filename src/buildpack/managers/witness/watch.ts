import { appendFileSync } from 'node:fs';
import { relative } from 'node:path';
import { isInside, isOfPackages } from '../../../base/inside.ts';
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
  watchFiles((path, isList) => {
    if (!isInside(app, path) || isOfPackages(path)) return;
    const look = relative(app, path) + (isList ? '/' : '');
    if (told.has(look)) return;
    told.add(look);
    appendFileSync(file, `${JSON.stringify(look)}\n`);
  });
}
