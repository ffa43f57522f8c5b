import { dirname, join, relative } from 'node:path';
import type { FnError } from '../../base/error.ts';
import { pluginModules } from '../../base/plugin-modules.ts';
import { cannotCompile, outputsOf } from './compile.ts';
import type { Inputs } from './making.ts';
import { isTypeScript } from './obstacle.ts';

/** What was compiled. */
export interface Compiled {
  readonly appDir: string;
  /** Absolute path. */
  readonly tsconfig: string;
  readonly inputs: Inputs;
  /** Absolute paths of all that the compiler wrote. */
  readonly emitted: readonly string[];
}

/**
 * The source of what was compiled: the JavaScript of a function's module, or the folder that has that of all plugins, and
 * the JavaScript among them as well. OFN-TYPESCRIPT where there is none.
 */
export async function madeSource({ appDir, tsconfig, inputs, emitted }: Compiled): Promise<string> {
  const { modules, folder } = inputs;
  const made = await outputsOf(emitted);
  const name = (path: string): string => relative(appDir, path);
  const outputs = modules.map((module) => {
    const output = made.get(module) ?? (isTypeScript(module) ? undefined : module);
    if (output !== undefined) return output;
    throw cannotCompile(
      `the compiler makes nothing of ${name(module)}`,
      `Let "include" or "files" of ${name(tsconfig)} have it.`,
    );
  });
  const [first = ''] = outputs;
  if (folder === undefined) return first;
  const candidates = [
    folderAbove(first, relative(folder, modules[0] ?? '')),
    outputs.length === 1 ? first : dirname(first),
  ];
  for (const candidate of candidates) {
    if (candidate === undefined) continue;
    const found = new Set(await pluginModules(candidate));
    if (outputs.every((output) => found.has(output))) return candidate;
  }
  const left = outputs.find((output) => modules.includes(output));
  throw left === undefined ? apart(outputs.map(name)) : leftOut(name(left), name(tsconfig));
}

/** The folder in which a compiler that keeps folders has written a module, by where that lies among its sources. */
function folderAbove(output: string, way: string): string | undefined {
  const folder = join(dirname(output), relative(dirname(way), '.'));
  return join(folder, dirname(way)) === dirname(output) ? folder : undefined;
}

/** A runner is given one folder. */
function leftOut(module: string, tsconfig: string): FnError {
  return cannotCompile(
    `the compiler makes nothing of ${module}, which is beside TypeScript that it makes JavaScript of in another folder`,
    `Let ${tsconfig} take JavaScript as well ("allowJs": true), or leave out "outDir" there.`,
  );
}

function apart(outputs: readonly string[]): FnError {
  return cannotCompile(
    `the plugins are not in one folder as they were, but are ${outputs.join(', ')}`,
    'Name their folder in FUNC_SRC, and let "rootDir" be that; or name the folder that a script "build" makes.',
  );
}
