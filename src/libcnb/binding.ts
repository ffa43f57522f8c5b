import { join } from 'node:path';
import type { Environment } from '../base/setting.ts';
import { namesIn, readText, readTextIfPresent } from './text-file.ts';

/** A service binding: https://servicebinding.io/spec/core/1.1.0/#workload-projection */
export interface Binding {
  /** The name of its folder. */
  readonly name: string;
  /** What it is for, in lower case. */
  readonly type: string;
  /** What it gives: file name to path, sorted by name. */
  readonly entries: ReadonlyMap<string, string>;
}

/** Largest entry read, in bytes: entries are settings, keys and certificates. */
const ENTRY_LIMIT = 1024 * 1024;

/** Files that describe a binding, in the layout of today and in that of the CNB specification before it. */
const DESCRIBING: ReadonlySet<string> = new Set(['type', 'provider', 'kind', 'tags']);

/**
 * The bindings in `$SERVICE_BINDING_ROOT` or `<platform>/bindings`, sorted by name; folders that do not say their type
 * are passed over. `metadata/kind` with `secret/` beside it is what platforms mounted before there was `type`:
 * https://github.com/buildpacks/spec/blob/main/extensions/bindings.md
 */
export async function readBindings(platformDir: string, env: Environment): Promise<readonly Binding[]> {
  const root = env['SERVICE_BINDING_ROOT'] || join(platformDir, 'bindings');
  const bindings: Binding[] = [];
  for (const name of await namesIn(root)) {
    const folder = join(root, name);
    const type = await readTextIfPresent(join(folder, 'type'));
    const kind = type ?? (await readTextIfPresent(join(folder, 'metadata/kind')));
    const folders = type === undefined ? ['metadata', 'secret'] : ['.'];
    if (kind !== undefined) {
      bindings.push({ name, type: kind.trim().toLowerCase(), entries: await entriesOf(folder, folders) });
    }
  }
  return bindings;
}

/** The text of an entry, which may have 1 MiB; OFN-CNB-FILE when it can not be read. */
export async function readEntry(path: string): Promise<string> {
  return readText(path, ENTRY_LIMIT);
}

async function entriesOf(binding: string, folders: readonly string[]): Promise<ReadonlyMap<string, string>> {
  const entries = new Map<string, string>();
  for (const folder of folders) {
    // Kubernetes mounts a secret as links into a folder whose name begins with two dots.
    const names = (await namesIn(join(binding, folder))).filter((name) => !name.startsWith('..'));
    for (const name of names.filter((one) => !DESCRIBING.has(one))) entries.set(name, join(binding, folder, name));
  }
  return entries;
}
