import { join } from 'node:path';
import { artefact } from './artefact.ts';
import { makeClient, type Answer, type Call } from './http-call.ts';
import { start, type Running } from './process.ts';
import { makeFolder } from './workspace.ts';

/** The command `functions-framework`, serving. */
export interface ServingProcess {
  readonly child: Running;
  readonly port: number;
  /** What it printed until it served. */
  readonly printed: string;
  readonly call: (call?: Call | string) => Promise<Answer>;
}

/** Runs the command with a function's source, or the folder of one, and waits until it serves or has ended. */
export async function runFunction(
  source: string | { readonly folder: string },
  args: readonly string[] = [],
  env: Readonly<Record<string, string>> = {},
): Promise<ServingProcess> {
  const folder = typeof source === 'string' ? makeFolder({ 'index.mjs': source }) : source.folder;
  const all = [artefact('bin/functions-framework.js'), '--source', folder, ...args];
  const child = start('node', all, { PORT: '0', NODE_ENV: 'development', ...env });
  const printed = await child.printed('URL: http://localhost:');
  const port = Number(/localhost:(\d+)/.exec(printed)?.[1]);
  return { child, port, printed: printed.replaceAll(join(folder, ''), '<app>/'), call: makeClient(port) };
}
