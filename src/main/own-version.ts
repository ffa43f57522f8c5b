import { readFileSync } from 'node:fs';
import { isTable } from '../base/table.ts';

/** The version in package.json, which is two folders above `main`, the URL of a main or of its bundle. */
export function ownVersion(main: string): string {
  const manifest: unknown = JSON.parse(readFileSync(new URL('../../package.json', main), 'utf8'));
  const version = isTable(manifest) ? manifest['version'] : undefined;
  return typeof version === 'string' ? version : '';
}
