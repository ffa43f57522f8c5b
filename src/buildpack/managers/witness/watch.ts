import fs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import { relative, resolve, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { isInside } from '../../../base/inside.ts';
import type { Environment } from '../../../base/setting.ts';
import { WITNESS } from './protocol.ts';

/** Functions of node:fs by how many of their first arguments are paths. */
const ONE_PATH = [
  'access',
  'exists',
  'lstat',
  'mkdir',
  'open',
  'readFile',
  'readlink',
  'realpath',
  'stat',
  'writeFile',
];
const TWO_PATHS = ['copyFile', 'cp', 'link', 'rename', 'symlink'];
const LISTS = ['readdir', 'opendir'];

/**
 * In the process of an install script, writes down every path of the app that it looks at, makes or lists, but for
 * installed packages: what it leaves in node_modules may come of that. Package managers set `npm_lifecycle_event` in scripts.
 */
export function witness(env: Environment): void {
  const { [WITNESS.app]: app, [WITNESS.file]: file, npm_lifecycle_event: event } = env;
  if (app === undefined || file === undefined || event === undefined) return;
  const append = fs.appendFileSync;
  const told = new Set<string>();
  const tell = (path: string, isList: boolean): void => {
    if (!isInside(app, path) || path.split(sep).includes('node_modules')) return;
    const look = relative(app, path) + (isList ? '/' : '');
    if (told.has(look)) return;
    told.add(look);
    append(file, `${JSON.stringify(look)}\n`);
  };
  for (const name of [...ONE_PATH, ...TWO_PATHS, ...LISTS]) {
    const paths = TWO_PATHS.includes(name) ? 2 : 1;
    const isList = LISTS.includes(name);
    wrap(fs, name, paths, (path) => tell(path, isList));
    wrap(fs, `${name}Sync`, paths, (path) => tell(path, isList));
    wrap(fs.promises, name, paths, (path) => tell(path, isList));
  }
  syncBuiltinESMExports();
}

function wrap(functions: object, name: string, paths: number, tell: (path: string) => void): void {
  const original: unknown = Reflect.get(functions, name);
  if (typeof original !== 'function') return;
  const watched = function watched(this: unknown, ...args: unknown[]): unknown {
    for (const path of args.slice(0, paths).map(pathOf)) if (path !== undefined) tell(path);
    return Reflect.apply(original, this, args);
  };
  // fs.realpath.native and what util.promisify goes by are properties of the functions.
  Reflect.set(functions, name, Object.defineProperties(watched, Object.getOwnPropertyDescriptors(original)));
}

function pathOf(value: unknown): string | undefined {
  if (typeof value === 'string') return resolve(value);
  if (value instanceof URL) return value.protocol === 'file:' ? fileURLToPath(value) : undefined;
  return Buffer.isBuffer(value) ? resolve(value.toString()) : undefined;
}
