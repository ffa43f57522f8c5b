import { isAbsolute, relative, sep } from 'node:path';

/** Whether `path` is `folder` or lies in it, by their names alone; both are absolute. */
export function isInside(folder: string, path: string): boolean {
  const way = relative(folder, path);
  return way !== '..' && !way.startsWith(`..${sep}`) && !isAbsolute(way);
}

/** Whether a specifier of a module is a path, and no package's name or URL. */
export function isPath(specifier: string): boolean {
  return /^\.{0,2}\//.test(specifier);
}

/** Whether a path leads through installed packages, by its names alone. */
export function isOfPackages(path: string): boolean {
  return path.split(sep).includes('node_modules');
}
