import { readFile } from 'node:fs/promises';
import { moduleAt } from '../../base/module-entry.ts';

/** How compilers and bundlers name the source map of a module, in a line of its own. */
const COMMENT = /^\/\/[#@] sourceMappingURL=\S/m;

/**
 * Whether a function's module, or the one of its folder, was made of other sources and has a map of them. Where it has
 * none, launches are spared what reading a stack costs with maps.
 */
export async function hasSourceMap(source: string): Promise<boolean> {
  const path = moduleAt(source);
  return path !== undefined && COMMENT.test(await readFile(path, 'utf8'));
}
