import { realpath } from 'node:fs/promises';
import { basename, dirname, join, relative } from 'node:path';
import type { FnError } from '../../base/error.ts';
import { pluginModules } from '../../base/plugin-modules.ts';
import { cannotCompile } from './compile.ts';
import type { Inputs } from './making.ts';
import { isTypeScript } from './obstacle.ts';

/** What was compiled. */
export interface Compiled {
  readonly appDir: string;
  /** Absolute path. */
  readonly tsconfig: string;
  readonly inputs: Inputs;
  /** The JavaScript of each module, by absolute paths. */
  readonly made: ReadonlyMap<string, string>;
}

/** What to serve instead of the sources. */
export interface MadeSource {
  /** Absolute path of a module, or of a folder of plugins. */
  readonly path: string;
  /** Links that the folder lacks: of sources below a link there is only what was made of the file itself, elsewhere. */
  readonly links: readonly Link[];
}

/** A link to a file, both by absolute paths. */
export interface Link {
  readonly path: string;
  readonly target: string;
}

/** A module and its JavaScript. */
interface Output {
  readonly module: string;
  readonly path: string;
  /** Whether the module is another file than its path says. */
  readonly isLinked: boolean;
}

/**
 * The source of what was compiled: the JavaScript of a function's module, or the folder that has that of all plugins, and
 * the JavaScript among them as well. OFN-TYPESCRIPT where there is none.
 */
export async function madeSource(compiled: Compiled): Promise<MadeSource> {
  const { appDir, tsconfig, inputs } = compiled;
  const { folder } = inputs;
  const all = await Promise.all(inputs.modules.map(async (module) => outputOf(module, compiled)));
  if (folder === undefined) return { path: all[0]?.path ?? '', links: [] };
  // A link alone does not say where the folder is; where there is nothing else, it leads to where that is.
  const direct = all.some(({ isLinked }) => !isLinked) ? all.filter(({ isLinked }) => !isLinked) : all;
  const paths = direct.map(({ path }) => path);
  for (const candidate of candidatesFor(folder, direct)) {
    const found = new Set(await pluginModules(candidate));
    if (!paths.every((path) => found.has(path))) continue;
    const others = all.filter((output) => !direct.includes(output));
    return { path: candidate, links: others.flatMap((output) => linkTo(output, folder, candidate)) };
  }
  const name = (path: string): string => relative(appDir, path);
  const left = direct.find(({ module, path }) => module === path);
  throw left === undefined ? apart(paths.map(name)) : leftOut(name(left.path), name(tsconfig));
}

async function outputOf(module: string, { appDir, tsconfig, inputs, made }: Compiled): Promise<Output> {
  const real = await realpath(module).catch(() => module);
  const path = made.get(module) ?? made.get(real) ?? (isTypeScript(module) ? undefined : module);
  const isLinked = real !== join(await realpath(inputs.folder ?? appDir), relative(inputs.folder ?? appDir, module));
  if (path !== undefined) return { module, path, isLinked: isLinked && path !== module };
  throw cannotCompile(
    `the compiler makes nothing of ${relative(appDir, module)}`,
    `Let "include" or "files" of ${relative(appDir, tsconfig)} have it.`,
  );
}

/** Where the plugins may be: in a folder such as that of the sources, or all in one. */
function candidatesFor(folder: string, [first, ...others]: readonly Output[]): readonly string[] {
  if (first === undefined) return [];
  const flat = others.length === 0 ? first.path : dirname(first.path);
  const kept = folderAbove(first.path, relative(folder, first.module));
  return kept === undefined ? [flat] : [kept, flat];
}

function linkTo({ module, path }: Output, folder: string, candidate: string): readonly Link[] {
  const place = join(candidate, relative(folder, dirname(module)), basename(path));
  return place === path ? [] : [{ path: place, target: path }];
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
