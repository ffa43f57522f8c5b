import { FnError } from '../../base/error.ts';

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

/** What a command line comes down to. */
export interface ProgramCommand {
  readonly command: Command;
  /** Variables that the line sets for it. */
  readonly env: Readonly<Record<string, string>>;
  /** The program of an installed package that it starts; undefined where that is a file. */
  readonly program: string | undefined;
  /** Scripts that npm would run before and after, and that an image does not. */
  readonly passedOver: readonly string[];
  /** The line that names the program. */
  readonly line: CommandLine;
  /** Who says the line that led to it. */
  readonly source: string;
}

/** Programs that would stand between the platform and the application, and that the image has not. */
const GO_BETWEENS: ReadonlySet<string> = new Set(['npm', 'npx', 'pnpm', 'yarn', 'bun', 'bunx', 'sh', 'bash']);
/** What a shell makes of files or of other words, and what "node --test" reads by itself. */
const PATTERN = /[*?[\]{}]/;
const ASSIGNMENT = /^(\w+)=(.*)$/s;

/**
 * The process that a command line means, with node as process 1: the image has neither a shell nor package managers.
 * `start` and the like of package.json (`npm start`, `npm run NAME`) are followed; another program is one of the app's
 * packages; variables before it are the process's. OFN-COMMAND where a line needs a shell.
 */
export function commandOf(line: CommandLine, project: CommandProject): ProgramCommand {
  const { env, program, args } = wordsOf(line);
  const { scripts } = project;
  const followed = scriptOf(program, args);
  const text = followed === undefined ? undefined : scripts[followed];
  if (followed !== undefined && text !== undefined) {
    const { [followed]: _, ...others } = scripts;
    const source = `"${followed}" in scripts of package.json`;
    const inner = commandOf({ text, source }, { ...project, scripts: others });
    const around = [`pre${followed}`, `post${followed}`].filter((name) => scripts[name] !== undefined);
    return {
      ...inner,
      source: line.source,
      env: { ...env, ...inner.env },
      passedOver: [...around, ...inner.passedOver],
    };
  }
  const installed = installedProgram(line, program, project);
  const command: Command =
    installed === undefined
      ? ['node', ...(program === 'node' ? [] : [program]), ...args]
      : ['node', `node_modules/.bin/${installed}`, ...args];
  return { command, env, program: installed, passedOver: [], line, source: line.source };
}

/** The name of a package's program; undefined where node runs a file. */
function installedProgram(line: CommandLine, program: string, { manager }: CommandProject): string | undefined {
  if (program === 'node') return undefined;
  if (GO_BETWEENS.has(program)) throw unusable(line, `${program} is not in the image`);
  if (program.includes('/')) return undefined;
  if (manager === 'pnpm') throw unusable(line, `pnpm makes ${program} a shell script, and the image has no shell`);
  return program;
}

/** The script that a call of a package manager runs. */
function scriptOf(program: string, args: readonly string[]): string | undefined {
  if (!['npm', 'pnpm', 'yarn', 'bun'].includes(program)) return undefined;
  const [first, second] = args;
  if (args.length === 1 && first !== undefined) return first === 't' ? 'test' : first;
  return args.length === 2 && (first === 'run' || first === 'run-script') ? second : undefined;
}

interface Words {
  readonly env: Readonly<Record<string, string>>;
  readonly program: string;
  readonly args: readonly string[];
}

/** Splits a line at blanks outside of quotes; whatever only a shell understands is refused. */
function wordsOf(line: CommandLine): Words {
  const plain = line.text.trim();
  if (/[\n\r]/.test(plain)) throw unusable(line, 'it has more than one line');
  const found: string[] = [];
  const word = /\s*((?:'[^']*'|"[^"$`\\]*"|[^\s'"$`\\|&;<>()!~#])+)/y;
  while (word.lastIndex < plain.length) {
    const [, next] = word.exec(plain) ?? [];
    if (next === undefined) throw unusable(line, 'it needs a shell, and the image has none');
    found.push(next);
  }
  const first = found.findIndex((text) => !ASSIGNMENT.test(text));
  const [program, ...args] = first === -1 ? [] : found.slice(first).map(withoutQuotes);
  if (program === undefined) throw unusable(line, found.length === 0 ? 'it is empty' : 'it names no program');
  const isTestRun = program === 'node' && args.includes('--test');
  const pattern = found.find((text) => PATTERN.test(text.replaceAll(QUOTED, '')));
  if (pattern !== undefined && !isTestRun) throw unusable(line, `${pattern} needs a shell, and the image has none`);
  const env = found.slice(0, first).map((text) => ASSIGNMENT.exec(text)?.slice(1).map(withoutQuotes) ?? []);
  return { env: Object.fromEntries(env), program, args };
}

const QUOTED = /'([^']*)'|"([^"]*)"/g;

function withoutQuotes(text: string): string {
  return text.replaceAll(QUOTED, '$1$2');
}

function unusable({ text, source }: CommandLine, fault: string): FnError {
  return new FnError(`Couldn't use the command "${text}" from ${source}: ${fault}.`, {
    code: 'OFN-COMMAND',
    hint: 'Write one program and its arguments, such as "node server.js", "node --test test/*.js" or "vitest run", with pnpm "node node_modules/vitest/vitest.mjs run". Patterns that the program reads itself go into quotes, other steps into BP_NODE_RUN_SCRIPTS.',
  });
}
