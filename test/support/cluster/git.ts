import { cp, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { onTestFinished } from 'vitest';
import { ADDRESS } from '../../../scripts/cluster/places.ts';
import { freePort } from '../../../scripts/port.ts';
import { makeFolder } from '../workspace.ts';

/** A repository that pods can clone until the test ends. */
export interface GitRepository {
  readonly url: string;
  /** Writes a file of that folder and commits it. */
  commit(path: string, text: string): Promise<void>;
}

/** Serves a repository with the files of a folder, in the folder `at` of it, by git's own server at the node's address. */
export async function serveRepository(source: string, at = '.'): Promise<GitRepository> {
  const base = makeFolder();
  const folder = join(base, 'function');
  await cp(source, join(folder, at), { recursive: true });
  const who = ['-c', 'user.name=test', '-c', 'user.email=test@localhost'];
  const git = async (...args: string[]): Promise<unknown> => execa('git', [...who, ...args], { cwd: folder });
  const record = async (): Promise<void> => {
    await git('add', '--all');
    await git('commit', '--quiet', '--message', 'Change the function');
  };
  await git('init', '--quiet', '--initial-branch=main');
  await record();
  const port = await freePort(ADDRESS);
  const where = [`--listen=${ADDRESS}`, `--port=${port}`, `--base-path=${base}`, '--export-all', '--reuseaddr'];
  const server = execa('git', ['daemon', ...where, base], { reject: false });
  onTestFinished(() => void server.kill());
  const commit = async (path: string, text: string): Promise<void> => {
    await writeFile(join(folder, at, path), text);
    await record();
  };
  return { url: `git://${ADDRESS}:${port}/function`, commit };
}
