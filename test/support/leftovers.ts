import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { execa } from 'execa';
import { CACHE } from '../../scripts/cache.ts';

/** What tests could leave behind, a line each. */
async function inventory(): Promise<string[]> {
  const lists = await Promise.all([
    list('container', ['ps', '--all', '--format', '{{.Image}} {{.ID}}']),
    list('volume', ['volume', 'ls', '--format', '{{.Name}}']),
    list('image', ['images', '--all', '--no-trunc', '--format', '{{.Repository}}:{{.Tag}} {{.ID}}']),
    folders(join(CACHE, 'images')),
    folders(join(CACHE, 'work')),
  ]);
  return lists.flat();
}

async function list(kind: string, args: readonly string[]): Promise<string[]> {
  const { stdout } = await execa('docker', args);
  return stdout.split('\n').map((line) => `${kind} ${line}`);
}

/** Folders of the store, layouts not looked into. */
async function folders(folder: string): Promise<string[]> {
  if (!existsSync(folder) || existsSync(join(folder, 'oci-layout'))) return [];
  const names = (await readdir(folder, { withFileTypes: true })).filter((entry) => entry.isDirectory());
  const below = await Promise.all(names.map(({ name }) => folders(join(folder, name))));
  return [...names.map(({ name }) => `folder ${relative(CACHE, join(folder, name))}`), ...below.flat()];
}

/** Takes stock before the tests, and fails the run when there is more after them. */
export async function setup(): Promise<() => Promise<void>> {
  const before = new Set(await inventory());
  return async () => {
    const left = (await inventory()).filter((line) => !before.has(line));
    if (left.length === 0) return;
    process.exitCode = 1;
    throw new Error(`Tests left behind:\n${left.join('\n')}`);
  };
}
