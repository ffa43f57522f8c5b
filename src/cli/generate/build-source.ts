import { FnError } from '../../base/error.ts';
import { runProgram } from '../program-run.ts';
import type { Terminal } from '../terminal.ts';

/** Where a cluster gets a function's source from. */
export interface BuildSource {
  /** Of a git repository. */
  readonly url: string;
  /** A branch, tag or commit; the repository's own branch without one. */
  readonly revision: string | undefined;
  /** The function's folder in the repository; its root without one. */
  readonly contextDir: string | undefined;
}

/** What the command line says of it. */
export interface GitOptions {
  readonly gitUrl?: string;
  readonly revision?: string;
}

/** The repository of a folder, as git knows it by its remote "origin"; OFN-CLI-ARGUMENT when there is none. */
export async function findBuildSource(folder: string, options: GitOptions, terminal: Terminal): Promise<BuildSource> {
  const git = async (...args: readonly string[]): Promise<string | undefined> => {
    const { ok, stdout } = await runProgram('git', ['-C', folder, ...args], terminal);
    return ok ? stdout.trim() : undefined;
  };
  const url = options.gitUrl ?? (await git('remote', 'get-url', 'origin'));
  if (url === undefined) throw notFound(folder, 'git knows no remote "origin" of it');
  if (isLocal(url)) throw notFound(folder, `${url} is only on this machine`);
  const prefix = await git('rev-parse', '--show-prefix');
  return {
    url: withoutCredentials(url),
    revision: options.revision,
    contextDir: prefix?.replace(/\/$/, '') || undefined,
  };
}

/**
 * Tokens belong into secrets: `spec.source.git.cloneSecret`, `srcRepo.credentials`. Of an address of ssh the user stays,
 * without which nobody gets in; a password may have an "@" in it.
 */
function withoutCredentials(url: string): string {
  return url.replace(/^(https?:\/\/)[^/?#]*@/i, '$1').replace(/^([a-z][a-z+.-]*:\/\/[^/?#:@]*):[^/?#]*@/i, '$1@');
}

/** Whether it is a path and no address: git takes what has a colon before the first slash for a host. */
function isLocal(url: string): boolean {
  return /^file:/i.test(url) || !/^[^/]+:/.test(url);
}

function notFound(folder: string, what: string): FnError {
  return new FnError(`Couldn't say where a cluster gets ${folder} from: ${what}.`, {
    code: 'OFN-CLI-ARGUMENT',
    hint: 'Give the address of its repository with --git-url.',
  });
}
