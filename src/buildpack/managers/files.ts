import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { isAbsent } from '../../libcnb/text-file.ts';

/**
 * Does `act` while files of a folder have other texts, and puts back every one of `kept` as it was before, also those
 * that were not there.
 */
export async function withFiles<T>(
  folder: string,
  texts: ReadonlyMap<string, string>,
  kept: readonly string[],
  act: () => Promise<T>,
): Promise<T> {
  const names = [...new Set([...texts.keys(), ...kept])];
  const before = new Map<string, Buffer | undefined>();
  for (const name of names) before.set(name, await bytesOf(join(folder, name)));
  try {
    for (const [name, text] of texts) await writeFile(join(folder, name), text);
    return await act();
  } finally {
    for (const [name, bytes] of before) await putBack(join(folder, name), bytes);
  }
}

async function putBack(path: string, bytes: Buffer | undefined): Promise<void> {
  if (bytes === undefined) return rm(path, { recursive: true, force: true });
  const now = await bytesOf(path);
  if (now === undefined || !now.equals(bytes)) await writeFile(path, bytes);
}

async function bytesOf(path: string): Promise<Buffer | undefined> {
  return readFile(path).catch((error: unknown) => {
    if (isAbsent(error)) return undefined;
    throw error;
  });
}
