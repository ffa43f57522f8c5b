import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { byCodeUnits } from '../../base/order.ts';
import { walk } from '../../oci/tree.ts';
import { runProgram } from '../program-run.ts';
import type { Terminal } from '../terminal.ts';
import type { Resource } from './statement.ts';

/** A folder of source, and the copy of it that the build gets. */
export interface Sources {
  readonly folder: string;
  readonly copy: string;
  /** The names of lock files. */
  readonly lockFiles: readonly string[];
}

/**
 * What a build was given: the folder by its files, each lock file, and the commit where the folder is as git has it. The
 * folder's digest is `dirHash` of in-toto over all files but those in .git.
 */
export async function sourceResources({ folder, copy, lockFiles }: Sources, terminal: Terminal): Promise<Resource[]> {
  const files = await digestFiles(copy);
  const lines = files.map(({ path, sha256 }) => `${sha256}  ${path}\n`).join('');
  const locks = files.filter(({ path }) => lockFiles.includes(path.slice(path.lastIndexOf('/') + 1)));
  return [
    { name: 'source', digest: { dirHash: createHash('sha256').update(lines).digest('hex') } },
    ...(await commitOf(folder, terminal)),
    ...locks.map(({ path, sha256 }) => ({ name: path, digest: { sha256 } })),
  ];
}

interface FileDigest {
  /** Relative to the folder. */
  readonly path: string;
  readonly sha256: string;
}

async function digestFiles(folder: string): Promise<FileDigest[]> {
  const files: FileDigest[] = [];
  for await (const { path, entry } of walk(Buffer.from(folder))) {
    const name = path.toString();
    if (!entry.isFile() || name.startsWith('.git/')) continue;
    const bytes = await readFile(join(folder, name));
    files.push({ path: name, sha256: createHash('sha256').update(bytes).digest('hex') });
  }
  return files.toSorted((a, b) => byCodeUnits(a.path, b.path));
}

/** The commit that a folder is of, where nothing in it differs from that. */
async function commitOf(folder: string, terminal: Terminal): Promise<Resource[]> {
  const git = async (...args: readonly string[]): Promise<string | undefined> => {
    const asked = await runProgram('git', ['-C', folder, ...args], terminal).catch(() => undefined);
    return asked?.ok === true ? asked.stdout.trim() : undefined;
  };
  // Ignored files are part of a build too.
  if ((await git('status', '--porcelain', '--ignored', '.')) !== '') return [];
  const commit = await git('rev-parse', 'HEAD');
  if (commit === undefined) return [];
  const address = (await git('remote', 'get-url', 'origin')) ?? '';
  const url = /^https?:\/\//.test(address) ? `git+${address.replace(/\/\/[^/@]*@/, '//')}` : undefined;
  return [{ name: 'commit', ...(url === undefined ? {} : { uri: url }), digest: { gitCommit: commit } }];
}
