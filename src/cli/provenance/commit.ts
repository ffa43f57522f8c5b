import { createHash } from 'node:crypto';
import { lstat, readFile, readlink } from 'node:fs/promises';
import { join } from 'node:path';
import { walk } from '../../oci/tree.ts';
import { runProgram } from '../program-run.ts';
import type { Terminal } from '../terminal.ts';
import type { Resource } from './statement.ts';

/** A folder of a repository, and the copy of it that a build gets. */
export interface CopiedFolder {
  readonly folder: string;
  readonly copy: string;
  /** Path of a file that the copy does without; undefined for none. */
  readonly without: string | undefined;
}

/**
 * The commit that a folder is of, as a list of one; empty where the copy has anything else than that commit, byte for byte.
 * git's own comparison is not asked: settings and flags of files tell it what to overlook.
 */
export async function commitOf({ folder, copy, without }: CopiedFolder, terminal: Terminal): Promise<Resource[]> {
  const commit = await git(folder, ['rev-parse', 'HEAD'], terminal);
  const tree = commit === undefined ? undefined : await treeOf(folder, commit, terminal);
  if (commit === undefined || tree === undefined) return [];
  if (without !== undefined) tree.files.delete(without);
  if (!(await isOf(tree, copy))) return [];
  const address = (await git(folder, ['remote', 'get-url', 'origin'], terminal)) ?? '';
  const url = /^https?:\/\//.test(address) ? `git+${address.replace(/\/\/[^/@]*@/, '//')}` : undefined;
  return [{ name: 'commit', ...(url === undefined ? {} : { uri: url }), digest: { gitCommit: commit } }];
}

/** What a commit has of a folder, by paths relative to it. */
interface Tree {
  /** Mode and id of each file and link: https://git-scm.com/docs/git-ls-tree */
  readonly files: Map<string, string>;
  /** The folders of repositories of their own, '' for the first. */
  readonly repositories: readonly string[];
}

/** With the files of submodules, each as the commit wants it. Undefined where git does not have all of it. */
async function treeOf(folder: string, commit: string, terminal: Terminal): Promise<Tree | undefined> {
  const listed = await git(folder, ['ls-tree', '-r', '-z', commit], terminal);
  if (listed === undefined) return undefined;
  const files = new Map<string, string>();
  const repositories = [''];
  for (const [, mode = '', id = '', path = ''] of listed.matchAll(/(\d+) \w+ (\w+)\t([^\0]+)\0/g)) {
    if (mode !== SUBMODULE) {
      files.set(path, `${mode} ${id}`);
      continue;
    }
    const inner = await treeOf(join(folder, path), id, terminal);
    if (inner === undefined) return undefined;
    for (const [below, entry] of inner.files) files.set(`${path}/${below}`, entry);
    repositories.push(...inner.repositories.map((below) => join(path, below)));
  }
  return { files, repositories };
}

const SUBMODULE = '160000';

/** Whether a folder has what a tree has, and nothing more. */
async function isOf({ files, repositories }: Tree, folder: string): Promise<boolean> {
  const histories = new Set(repositories.map((path) => join(path, '.git')));
  const left = new Set(files.keys());
  for await (const { path, entry } of walk(Buffer.from(folder))) {
    const name = path.toString();
    if (histories.has(name) || [...histories].some((history) => name.startsWith(`${history}/`))) continue;
    if (entry.isDirectory()) continue;
    const expected = files.get(name);
    if (expected === undefined || (await entryOf(join(folder, name), expected)) !== expected) return false;
    left.delete(name);
  }
  return left.size === 0;
}

/** Mode and id that git would give a file or a link; the id by the algorithm of the one it is compared with. */
async function entryOf(path: string, { length }: string): Promise<string> {
  const info = await lstat(path);
  const content = info.isSymbolicLink() ? await readlink(path, 'buffer') : await readFile(path);
  const hash = createHash(length > SHA1_ENTRY ? 'sha256' : 'sha1');
  const id = hash.update(`blob ${content.length}\0`).update(content).digest('hex');
  if (info.isSymbolicLink()) return `120000 ${id}`;
  return `${(info.mode & 0o100) === 0 ? '100644' : '100755'} ${id}`;
}

/** The length of a mode, a space and an id of SHA-1. */
const SHA1_ENTRY = 47;

/** What git says, undefined where it says nothing; what somebody lets stand for other objects is not heard. */
async function git(folder: string, args: readonly string[], terminal: Terminal): Promise<string | undefined> {
  const words = ['--no-replace-objects', '-C', folder, ...args];
  const asked = await runProgram('git', words, terminal).catch(() => undefined);
  return asked?.ok === true ? asked.stdout : undefined;
}
