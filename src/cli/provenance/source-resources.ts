import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { byCodeUnits } from '../../base/order.ts';
import { walk } from '../../oci/tree.ts';
import type { Terminal } from '../terminal.ts';
import { commitOf, type CopiedFolder } from './commit.ts';
import type { Resource } from './statement.ts';

/** A folder of source, and the copy of it that the build gets. */
export interface Sources extends CopiedFolder {
  /** The names of lock files. */
  readonly lockFiles: readonly string[];
}

/**
 * What a build was given: the folder by its files, each lock file, and the commit where the folder is as git has it. The
 * folder's digest is `dirHash` of in-toto over all files but those in .git.
 */
export async function sourceResources({ lockFiles, ...source }: Sources, terminal: Terminal): Promise<Resource[]> {
  const files = await digestFiles(source.copy);
  const lines = files.map(({ path, sha256 }) => `${sha256}  ${path}\n`).join('');
  const locks = files.filter(({ path }) => lockFiles.includes(path.slice(path.lastIndexOf('/') + 1)));
  return [
    { name: 'source', digest: { dirHash: createHash('sha256').update(lines).digest('hex') } },
    ...(await commitOf(source, terminal)),
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
    if (!entry.isFile() || name === '.git' || name.startsWith('.git/')) continue;
    const bytes = await readFile(join(folder, name));
    files.push({ path: name, sha256: createHash('sha256').update(bytes).digest('hex') });
  }
  return files.toSorted((a, b) => byCodeUnits(a.path, b.path));
}
