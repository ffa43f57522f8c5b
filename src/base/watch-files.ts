import fs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

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
  'statfs',
  'writeFile',
];
const TWO_PATHS = ['copyFile', 'cp', 'link', 'rename', 'symlink'];
const LISTS = ['readdir', 'opendir'];

/**
 * From now on in this process, tells every absolute path that node:fs is asked for, before it is: also in vain. `isList`
 * is for folders that are listed.
 */
export function watchFiles(tell: (path: string, isList: boolean) => void): void {
  for (const name of [...ONE_PATH, ...TWO_PATHS, ...LISTS]) {
    const paths = TWO_PATHS.includes(name) ? 2 : 1;
    const isList = LISTS.includes(name);
    const tellOne = (path: string): void => tell(path, isList);
    wrap(fs, name, paths, tellOne);
    wrap(fs, `${name}Sync`, paths, tellOne);
    wrap(fs.promises, name, paths, tellOne);
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
