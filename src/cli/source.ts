import { isUtf8 } from 'node:buffer';
import { chmod, copyFile, lstat, mkdir, readlink, symlink } from 'node:fs/promises';
import { FnError, messageOf } from '../base/error.ts';
import { joinBytes, walk } from '../oci/tree.ts';
import type { Terminal } from './terminal.ts';

/** Whoever builds has to be able to write into the copy, and to remove it. */
const OWNER_WRITES = 0o700;

/** Refuses a source that no build could read, naming the file. */
export async function checkSource(source: string): Promise<void> {
  try {
    for await (const { path } of walk(Buffer.from(source))) {
      if (!isUtf8(path)) throw unreadable(`the name of "${path.toString()}" is not UTF-8`, 'Rename the file.');
    }
  } catch (error) {
    throw error instanceof FnError ? error : unreadable(messageOf(error), HINT);
  }
}

/**
 * Copies files, folders and links, but no file of the path `without`. Sockets, pipes and devices are left out: an image has
 * no use for them.
 */
export async function copySource(source: string, target: string, terminal: Terminal, without?: string): Promise<void> {
  const [from, to] = [Buffer.from(source), Buffer.from(target)];
  await mkdir(to);
  try {
    for await (const { path, entry } of walk(from)) {
      terminal.stopped.throwIfAborted();
      const [original, copy] = [joinBytes(from, path), joinBytes(to, path)];
      if (path.toString() === without) terminal.stdout.write(`Left out ${without}: this build writes it anew\n`);
      else if (entry.isDirectory()) await copyFolder(original, copy);
      else if (entry.isSymbolicLink()) await symlink(await readlink(original, 'buffer'), copy);
      else if (entry.isFile()) await copyFile(original, copy);
      else terminal.stdout.write(`Left out ${path.toString()}: it is neither a file, a folder nor a link\n`);
    }
  } catch (error) {
    if (terminal.stopped.aborted) throw error;
    throw unreadable(messageOf(error), HINT);
  }
}

const HINT = 'See that whoever builds may read all of the folder, and that the disk is not full.';

async function copyFolder(original: Buffer, copy: Buffer): Promise<void> {
  const { mode } = await lstat(original);
  await mkdir(copy);
  await chmod(copy, (mode & 0o777) | OWNER_WRITES);
}

function unreadable(what: string, hint: string): FnError {
  return new FnError(`Couldn't read the folder of the function: ${what}.`, { code: 'OFN-CLI-SOURCE', hint });
}
