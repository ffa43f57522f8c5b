import { readEntry, type Binding } from '../../libcnb/binding.ts';
import { isLongEnough, isSecret } from './secrets.ts';

/** Types of bindings that have nothing secret, and much of it. */
const PUBLIC: ReadonlySet<string> = new Set(['ca-certificates', 'osv']);

/**
 * The secrets of service bindings of any type, a database's too: entries whose names are those of secrets, such as
 * `password`, `client-secret` and `tls.key`. Scripts of the build can read them.
 */
export async function secretsOfBindings(bindings: readonly Binding[]): Promise<readonly string[]> {
  const texts: string[] = [];
  for (const { type, entries } of bindings) {
    for (const [name, path] of PUBLIC.has(type) ? [] : entries) {
      if (isSecret(name.replaceAll(/[-.]/g, '_'))) texts.push((await readEntry(path)).trim());
    }
  }
  return texts.filter(isLongEnough);
}
