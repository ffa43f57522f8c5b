import type { Dirent } from 'node:fs';
import { readdir } from 'node:fs/promises';

/** Something in a folder; names are bytes, because Linux lets them be any. */
export interface TreeEntry {
  /** Relative to the folder that is walked. */
  readonly path: Buffer;
  readonly entry: Dirent<Buffer>;
}

const SLASH = Buffer.from('/');

/** All that is below a folder, each folder before what it holds; links are not followed. */
export async function* walk(folder: Buffer, below: Buffer = Buffer.alloc(0)): AsyncGenerator<TreeEntry> {
  for (const entry of await readdir(joinBytes(folder, below), { withFileTypes: true, encoding: 'buffer' })) {
    const path = joinBytes(below, entry.name);
    yield { path, entry };
    if (entry.isDirectory()) yield* walk(folder, path);
  }
}

/** Joins two paths that need not be text. */
export function joinBytes(folder: Buffer, path: Buffer): Buffer {
  if (folder.length === 0 || path.length === 0) return folder.length === 0 ? path : folder;
  return Buffer.concat([folder, SLASH, path]);
}
