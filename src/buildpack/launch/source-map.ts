import { readFile } from 'node:fs/promises';
import { entryModules } from '../project/entry-modules.ts';

/** How compilers and bundlers name the source map of a module, in a line of its own. */
const COMMENT = /^\/\/[#@] sourceMappingURL=\S/m;

/**
 * Whether a function's module, or the one of its folder, or one of plugins was made of other sources and has a map of them.
 * Where it has none, launches are spared what reading a stack costs with maps.
 */
export async function hasSourceMap(source: string, signatureType: string): Promise<boolean> {
  const modules = await entryModules(source, signatureType);
  const texts = await Promise.all(modules.map((path) => readFile(path, 'utf8')));
  return texts.some((text) => COMMENT.test(text));
}
