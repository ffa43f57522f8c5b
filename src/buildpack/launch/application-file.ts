import { relative, resolve } from 'node:path';
import { FnError } from '../../base/error.ts';
import { isInside } from '../../base/inside.ts';
import { moduleAt } from '../../base/module-entry.ts';
import type { Resolved } from '../../base/setting.ts';
import { commandOf, type CommandLine, type CommandProject } from './program-command.ts';
import { startedFile } from './started-file.ts';

/** An application, and where it is. */
export interface ApplicationPlace {
  readonly appDir: string;
  /** Where its command starts. */
  readonly projectDir: string;
  readonly commandLine: CommandLine;
  /** The scripts of package.json, name to command. */
  readonly scripts: CommandProject['scripts'];
}

/**
 * The file of its own that an application starts, absolute, and who names it; undefined where it starts a program or a file
 * of its dependencies.
 */
export function applicationFile({
  appDir,
  projectDir,
  commandLine,
  scripts,
}: ApplicationPlace): Resolved<string> | undefined {
  const { command, line, program } = commandOf(commandLine, { scripts, manager: undefined });
  const file = program === undefined ? startedFile(command) : undefined;
  if (file === undefined) return undefined;
  const value = resolve(projectDir, file);
  const isOwn = isInside(appDir, value) && !relative(appDir, value).split('/').includes('node_modules');
  return isOwn ? { value, source: line.source } : undefined;
}

/** Sees to it that the image has the file that it starts: nothing is booted that would miss it. OFN-COMMAND when not. */
export function requireFile(place: ApplicationPlace): void {
  const file = applicationFile(place);
  if (file === undefined || moduleAt(file.value) !== undefined) return;
  throw new FnError(`Couldn't find ${relative(place.appDir, file.value)}, which ${file.source} names.`, {
    code: 'OFN-COMMAND',
    hint: 'Commit the file, or let a script make it: BP_NODE_RUN_SCRIPTS=build runs "build" of package.json.',
  });
}
