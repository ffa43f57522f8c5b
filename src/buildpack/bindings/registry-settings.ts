import { mkdir, readdir, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import type { Environment } from '../../base/setting.ts';
import { readEntry, type Binding } from '../../libcnb/binding.ts';
import { isAbsent, writeText } from '../../libcnb/text-file.ts';
import type { FnError } from '../../base/error.ts';
import { bindingError } from './binding-error.ts';

/** Types of bindings that hold settings of package managers, with the files of the user's home that they are. */
export const REGISTRY_TYPES: ReadonlyMap<string, readonly string[]> = new Map([
  ['npmrc', ['.npmrc']],
  ['yarnrc', ['.yarnrc', '.yarnrc.yml']],
]);

/** A line of .npmrc that sets a registry or its credentials by a variable. */
const REFERRING = /^\s*(?:\/\/|@|registry)[^\s=]*\s*=.*\$\{.*$/gm;

/** The settings of bindings as the files of a home: name to text. */
export async function readRegistrySettings(bindings: readonly Binding[]): Promise<ReadonlyMap<string, string>> {
  const texts = new Map<string, string>();
  for (const [type, names] of REGISTRY_TYPES) {
    const [binding, second] = bindings.filter((one) => one.type === type);
    if (binding === undefined) continue;
    if (second !== undefined) throw severalOf(type, binding, second);
    const given = names.filter((name) => binding.entries.has(name));
    if (given.length === 0) throw lacks(binding, names);
    for (const name of given) texts.set(name, await readEntry(binding.entries.get(name) ?? ''));
  }
  return texts;
}

/**
 * The settings with what .npmrc files of the app say of registries by variables, such as `${NPM_TOKEN}`: pnpm since
 * 10.34.2 replaces variables in the user's own file alone, because that of a project may be a stranger's. Here the
 * variables are given for this very project. https://pnpm.io/npmrc#environment-variables-in-auth-settings
 */
export function withReferences(
  settings: ReadonlyMap<string, string>,
  { appNpmrcs, ownNpmrc }: { readonly appNpmrcs: readonly string[]; readonly ownNpmrc: string },
): ReadonlyMap<string, string> {
  const lines = appNpmrcs.flatMap((text) => text.match(REFERRING) ?? []);
  if (lines.length === 0) return settings;
  return new Map([...settings, ['.npmrc', [settings.get('.npmrc') ?? ownNpmrc, ...lines, ''].join('\n')]]);
}

/**
 * Makes `home` a home with these settings and, by links, with all else that the user's own has; gives the variable that
 * leads there. It is the one place where every package manager looks for settings that the project's own are merged with.
 */
export async function settleIn(
  home: string,
  texts: ReadonlyMap<string, string>,
  env: Environment,
): Promise<Environment> {
  if (texts.size === 0) return {};
  await mkdir(home, { recursive: true });
  for (const [name, text] of texts) await writeText(join(home, name), text, 0o600);
  const own = env['HOME'] ?? '';
  for (const name of own === '' ? [] : await namesIn(own)) {
    if (!texts.has(name)) await symlink(join(own, name), join(home, name));
  }
  return { HOME: home };
}

async function namesIn(folder: string): Promise<readonly string[]> {
  return readdir(folder).catch((error: unknown) => {
    if (isAbsent(error)) return [];
    throw error;
  });
}

function severalOf(type: string, one: Binding, other: Binding): FnError {
  return bindingError(
    `use the service bindings "${one.name}" and "${other.name}": both are of type "${type}", which there can be one of`,
    'Put the lines of both into one of them and remove the other.',
  );
}

function lacks({ name, type }: Binding, names: readonly string[]): FnError {
  return bindingError(
    `use the service binding "${name}" of type "${type}": it has no file ${names.join(' or ')}`,
    `Add the settings to the binding as a file of that name.`,
  );
}
