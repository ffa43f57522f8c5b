import { FnError } from '../base/error.ts';

/** A program and its arguments, as a process of an image has them. */
export type Command = readonly [string, ...string[]];

/** A command line as a project writes it, and who says it. */
export interface CommandLine {
  readonly text: string;
  readonly source: string;
}

/** What a command line may lean on. */
export interface CommandProject {
  /** The scripts of package.json, name to command. */
  readonly scripts: Readonly<Record<string, string>>;
  /** The package manager that installs; undefined for none. */
  readonly manager: string | undefined;
}

/** Programs that would stand between the platform and the application, and that the image has not. */
const GO_BETWEENS: ReadonlySet<string> = new Set(['npm', 'npx', 'pnpm', 'yarn', 'bun', 'bunx', 'sh', 'bash']);

/**
 * The process that a command line means, with node as process 1: the image has neither a shell nor package managers.
 * `start` and the like of package.json (`npm start`, `npm run NAME`) are followed; another program is one of the app's
 * packages. OFN-COMMAND where a line needs a shell.
 */
export function commandOf(line: CommandLine, project: CommandProject): Command {
  const { scripts, manager } = project;
  const [program, ...args] = wordsOf(line);
  const followed = scriptOf(program, args);
  if (followed !== undefined && scripts[followed] !== undefined) {
    const { [followed]: text = '', ...others } = scripts;
    return commandOf({ text, source: `"${followed}" in scripts of package.json` }, { scripts: others, manager });
  }
  if (program === 'node') return ['node', ...args];
  if (GO_BETWEENS.has(program)) throw unusable(line, `${program} is not in the image`);
  if (program.includes('/')) return ['node', program, ...args];
  if (manager === 'pnpm') throw unusable(line, `pnpm makes ${program} a shell script, and the image has no shell`);
  return ['node', `node_modules/.bin/${program}`, ...args];
}

/** The script that a call of a package manager runs. */
function scriptOf(program: string, args: readonly string[]): string | undefined {
  if (!['npm', 'pnpm', 'yarn', 'bun'].includes(program)) return undefined;
  const [first, second] = args;
  if (args.length === 1 && first !== undefined) return first === 't' ? 'test' : first;
  return args.length === 2 && (first === 'run' || first === 'run-script') ? second : undefined;
}

/** Splits a line at blanks outside of quotes; whatever only a shell understands is refused. */
function wordsOf(line: CommandLine): readonly [string, ...string[]] {
  const plain = line.text.trim();
  if (/[\n\r]/.test(plain)) throw unusable(line, 'it has more than one line');
  const words: string[] = [];
  const word = /\s*((?:'[^']*'|"[^"$`\\]*"|[^\s'"$`\\|&;<>()*?[\]{}~#!])+)/y;
  while (word.lastIndex < plain.length) {
    const [, found] = word.exec(plain) ?? [];
    if (found === undefined) throw unusable(line, 'it needs a shell, and the image has none');
    words.push(found.replaceAll(/'([^']*)'|"([^"]*)"/g, '$1$2'));
  }
  const [program, ...args] = words;
  if (program === undefined) throw unusable(line, 'it is empty');
  if (/^\w+=/.test(program)) throw unusable(line, 'it sets a variable, for which it needs a shell');
  return [program, ...args];
}

function unusable({ text, source }: CommandLine, fault: string): FnError {
  return new FnError(`Couldn't use the command "${text}" from ${source}: ${fault}.`, {
    code: 'OFN-COMMAND',
    hint: 'Write one program and its arguments, such as "node server.js", "node node_modules/vitest/vitest.mjs run" or, unless pnpm installs it, "vitest run"; variables go into the environment of the container, other steps into BP_NODE_RUN_SCRIPTS.',
  });
}
