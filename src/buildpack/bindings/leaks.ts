import { readdir, readFile, readlink } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { FnError } from '../../base/error.ts';
import type { AddressCredentials } from './address-credentials.ts';

/** Shorter names of users are words that files have for other reasons. */
const SHORTEST = 8;

/**
 * Refuses packages that have a password of an address in names, links or bytes, as managers write them that make
 * folders of addresses: OFN-DEPS-SECRET. `folder` is one of the image, or none, `source` the file with the address.
 */
export async function refuseLeaks(
  folder: string,
  credentials: readonly AddressCredentials[],
  source: string,
): Promise<void> {
  const written = formsOf(credentials);
  if (written.length === 0) return;
  const entries = await readdir(`${folder}/`, { recursive: true, withFileTypes: true }).catch(() => []);
  for (const entry of entries) {
    const path = join(entry.parentPath, entry.name);
    const texts: (string | Buffer)[] = [entry.name];
    if (entry.isSymbolicLink()) texts.push(await readlink(path));
    if (entry.isFile()) texts.push(await readFile(path));
    const form = written.find((one) => texts.some((text) => text.includes(one)));
    if (form === undefined) continue;
    throw new FnError(
      `Couldn't keep a password that ${source} has out of the image: node_modules/${relative(folder, path).replaceAll(form, '***')} has it too.`,
      {
        code: 'OFN-DEPS-SECRET',
        hint: 'Take it out of the address of the package; a service binding of type "npmrc" has credentials for addresses.',
      },
    );
  }
}

/** Whether a name or the bytes of a file have a secret, as it is or as addresses and texts in JSON have it. */
export function hasSecret(texts: readonly (string | Buffer)[], secrets: readonly string[]): boolean {
  const written = secrets.flatMap((secret) => [
    secret,
    encodeURIComponent(secret),
    JSON.stringify(secret).slice(1, -1),
  ]);
  return written.some((one) => texts.some((text) => text.includes(one)));
}

/** Users and passwords as they are written in addresses and in names that are made of these. */
export function formsOf(credentials: readonly AddressCredentials[]): readonly string[] {
  return credentials.flatMap(({ pair }) => formsOfPair(pair));
}

function formsOfPair(pair: string): readonly string[] {
  const user = pair.slice(0, pair.indexOf(':'));
  const password = pair.slice(user.length + 1);
  if (password === '') return user.length < SHORTEST ? [] : [user, encodeURIComponent(user)];
  return [user, encodeURIComponent(user)].flatMap((name) =>
    [password, encodeURIComponent(password)].flatMap((secret) => [':', '+', '%3A'].map((mark) => name + mark + secret)),
  );
}
