import { relative, resolve } from 'node:path';
import { FnError } from '../../base/error.ts';
import { isOfPackages, isPath } from '../../base/inside.ts';
import { moduleAt } from '../../base/module-entry.ts';
import type { ProgramCommand } from './program-command.ts';

/** Flags of node that load a module first: their value is the next argument, or behind "=". */
const PRELOADS: ReadonlySet<string> = new Set(['-r', '--import', '--require']);
/** Others whose value is the next argument. */
const WITH_VALUE: ReadonlySet<string> = new Set(['-C', '--conditions']);
/** Flags of node without a value, or with one behind "=". */
const ALONE = /^--(?:[\w-]+=|enable-|experimental-|inspect|no-|report-|trace-|use-)/;

/** What of the app a command has node load. */
interface Loaded {
  /** Modules that are loaded first, absolute. */
  readonly preloads: readonly string[];
  /** The module that it runs, absolute; undefined where it has none, or what its flags mean is not known. */
  readonly main: string | undefined;
}

/**
 * The module of the app that a command has node run, absolute; undefined where it has none, or what its flags mean is not
 * known. Those of packages are not on disk before they are installed, nor where they are taken over.
 */
export function moduleOf(command: ProgramCommand, projectDir: string): string | undefined {
  return loadedBy(command, projectDir).main;
}

function loadedBy({ command, program }: ProgramCommand, projectDir: string): Loaded {
  const preloads: string[] = [];
  if (program !== undefined) return { preloads, main: undefined };
  const args = command.slice(1).values();
  for (const arg of args) {
    if (!arg.startsWith('-')) return { preloads, main: isOfPackages(arg) ? undefined : resolve(projectDir, arg) };
    const [flag = '', ...joined] = arg.split('=');
    if (PRELOADS.has(flag)) {
      const value = joined.length > 0 ? joined.join('=') : (args.next().value ?? '');
      if (isPath(value) && !isOfPackages(value)) preloads.push(resolve(projectDir, value));
    } else if (WITH_VALUE.has(arg)) args.next();
    else if (!ALONE.test(arg)) return { preloads, main: undefined };
  }
  return { preloads, main: undefined };
}

/** Sees to it that the modules are there when everything is made; OFN-COMMAND where one is not. */
export function requireModule(
  web: ProgramCommand,
  { appDir, projectDir }: { readonly appDir: string; readonly projectDir: string },
): void {
  const { preloads, main } = loadedBy(web, projectDir);
  const modules = main === undefined ? preloads : [...preloads, main];
  const missing = modules.find((path) => moduleAt(path) === undefined);
  if (missing === undefined) return;
  const { text, source } = web.line;
  throw new FnError(
    `Couldn't use the command "${text}" from ${source}: there is no ${relative(appDir, missing)}, and nothing of the build has made it.`,
    {
      code: 'OFN-COMMAND',
      hint: 'Correct the path, commit the file, or let a script make it: a script "build" of package.json runs by itself where the file is missing, others with BP_NODE_RUN_SCRIPTS.',
    },
  );
}
