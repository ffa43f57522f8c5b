import { readdir, readlink } from 'node:fs/promises';
import { isAbsolute, join, resolve } from 'node:path';
import { byCodeUnits } from '../../base/order.ts';
import { isInside } from '../../base/inside.ts';

/** A link of the app that leads out of it, as it is written. */
export interface OuterLink {
  /** Relative to the app. */
  readonly path: string;
  readonly target: string;
}

/** Finds links that lead out of the app by a relative path; absolute ones may mean what is there at launch. */
export async function findOuterLinks(appDir: string, below = ''): Promise<OuterLink[]> {
  const found: OuterLink[] = [];
  const entries = await readdir(join(appDir, below), { withFileTypes: true });
  for (const entry of entries.toSorted((a, b) => byCodeUnits(a.name, b.name))) {
    const path = join(below, entry.name);
    if (entry.isDirectory()) found.push(...(await findOuterLinks(appDir, path)));
    if (!entry.isSymbolicLink()) continue;
    const target = await readlink(join(appDir, path));
    if (!isAbsolute(target) && !isInside(appDir, resolve(appDir, below, target))) found.push({ path, target });
  }
  return found;
}
