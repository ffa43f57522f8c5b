import type { Command } from './program-command.ts';

/** Options of Node.js whose value is the next word. */
const WITH_VALUE: ReadonlySet<string> = new Set([
  '-r',
  '--require',
  '--import',
  '--loader',
  '--experimental-loader',
  '-C',
  '--conditions',
  '--title',
  '--env-file',
  '--env-file-if-exists',
]);
/** Options with which Node.js runs something else than a file. */
const WITHOUT_FILE = /^(?:-[ep]+|--eval(?:=.*)?|--print(?:=.*)?|--test|--run(?:=.*)?|-)$/;

/** The file that a command of node runs, as the command has it; undefined where it runs none. */
export function startedFile([program, ...args]: Command): string | undefined {
  if (program !== 'node') return undefined;
  for (let index = 0; index < args.length; index += 1) {
    const word = args[index] ?? '';
    if (WITHOUT_FILE.test(word)) return undefined;
    if (!word.startsWith('-')) return word;
    if (word === '--') return args[index + 1];
    if (WITH_VALUE.has(word)) index += 1;
  }
  return undefined;
}
