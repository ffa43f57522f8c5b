import { readFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { allBelow } from '../../base/folders.ts';

/** What the names of V8's C++ functions begin with; modules that use Node-API alone know none of them. */
const V8_NAME = '_ZN2v8';

/**
 * A native module below a folder that works with one ABI of Node.js alone, by its path; undefined when there is none.
 * Modules of Node-API work with every later Node.js: https://nodejs.org/api/n-api.html#implications-of-abi-stability
 */
export async function findAbiBound(folder: string): Promise<string | undefined> {
  const found = allBelow(folder).filter((entry) => entry.isFile() && entry.name.endsWith('.node'));
  const paths = found.map(({ name, parentPath }) => relative(folder, join(parentPath, name)));
  for (const path of paths.toSorted()) {
    const bytes = await readFile(join(folder, path)).catch(() => undefined);
    if (bytes?.includes(V8_NAME) === true) return path;
  }
  return undefined;
}
