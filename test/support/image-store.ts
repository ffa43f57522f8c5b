import { cpSync, mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { parseReference, storePath } from '../../src/oci/reference.ts';
import { makeFolder } from './workspace.ts';

/** A folder for OFN_CACHE_DIR whose image store has one image, that of an OCI layout. */
export function storeOf(name: string, layout: string): string {
  const cache = makeFolder();
  const place = join(cache, 'images', storePath(parseReference(name)));
  mkdirSync(dirname(place), { recursive: true });
  cpSync(layout, place, { recursive: true });
  return cache;
}
