import { relative, resolve } from 'node:path';
import { FnError } from '../../base/error.ts';
import { moduleAt } from '../../base/module-entry.ts';
import type { ProgramCommand } from './program-command.ts';

/** Flags of node whose value is the next argument. */
const WITH_VALUE: ReadonlySet<string> = new Set(['-C', '-r', '--conditions', '--import', '--require']);
/** Flags of node without a value, or with one behind "=". */
const ALONE = /^--(?:[\w-]+=|enable-|experimental-|inspect|no-|report-|trace-|use-)/;

/** The module that a command has node run, absolute; undefined where it has none, or what its flags mean is not known. */
export function moduleOf({ command, program }: ProgramCommand, projectDir: string): string | undefined {
  if (program !== undefined) return undefined;
  const args = command.slice(1).values();
  for (const arg of args) {
    if (!arg.startsWith('-')) return resolve(projectDir, arg);
    if (WITH_VALUE.has(arg)) args.next();
    else if (!ALONE.test(arg)) return undefined;
  }
  return undefined;
}

/** Sees to it that the module is there when everything is made; OFN-COMMAND where it is not. */
export function requireModule(
  web: ProgramCommand,
  { appDir, projectDir }: { readonly appDir: string; readonly projectDir: string },
): void {
  const module = moduleOf(web, projectDir);
  if (module === undefined || moduleAt(module) !== undefined) return;
  const { text, source } = web.line;
  throw new FnError(
    `Couldn't use the command "${text}" from ${source}: there is no ${relative(appDir, module)}, and nothing of the build has made it.`,
    {
      code: 'OFN-COMMAND',
      hint: 'Correct the path, commit the file, or let a script make it: a script "build" of package.json runs by itself where the file is missing, others with BP_NODE_RUN_SCRIPTS.',
    },
  );
}
