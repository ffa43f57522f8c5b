import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { FnError } from '../../base/error.ts';
import { exportsTarget, mainTarget, moduleAt } from '../../base/module-entry.ts';
import { isTable } from '../../base/table.ts';
import { readPackageJson, type PackageJson } from '../project/package-json.ts';
import { isNotOfApp } from '../project/own-folders.ts';

/** A package of the project that names JavaScript which its script `build` has yet to make. */
export interface UnmadeSibling {
  readonly name: string;
  /** Absolute folder. */
  readonly folder: string;
  /** What it names, relative to its folder. */
  readonly target: string;
}

const NEEDED = ['dependencies', 'optionalDependencies', 'peerDependencies'];
/** What is made may need more than what is there. */
const NEEDED_TO_MAKE = [...NEEDED, 'devDependencies'];

/**
 * Finds the packages of a monorepo that these manifests depend on, and that have to be made before they can be loaded:
 * those that others depend on first.
 */
export async function findUnmadeSiblings(
  projectDir: string,
  manifests: readonly PackageJson[],
): Promise<readonly UnmadeSibling[]> {
  const siblings = await readSiblings(projectDir);
  const seen = new Set<string>();
  const found: UnmadeSibling[] = [];
  const visit = (name: string): void => {
    const sibling = siblings.get(name);
    if (sibling === undefined || seen.has(name)) return;
    seen.add(name);
    const { folder, manifest } = sibling;
    const target = exportsTarget(folder) ?? mainTarget(folder);
    const isMade = target === undefined || moduleAt(join(folder, target)) !== undefined;
    for (const next of namesIn(manifest, isMade ? NEEDED : NEEDED_TO_MAKE)) visit(next);
    if (!isMade && manifest.scripts['build'] !== undefined) found.push({ name, folder, target });
  };
  for (const manifest of manifests) for (const name of namesIn(manifest, NEEDED)) visit(name);
  return found;
}

interface Sibling {
  readonly folder: string;
  readonly manifest: PackageJson;
}

/** The packages of a project that says it has some, by their names. */
async function readSiblings(projectDir: string): Promise<ReadonlyMap<string, Sibling>> {
  const siblings = new Map<string, Sibling>();
  const root = await readPackageJson(projectDir);
  if (root?.raw['workspaces'] === undefined && !existsSync(join(projectDir, 'pnpm-workspace.yaml'))) return siblings;
  for await (const folder of packageFolders(projectDir)) {
    const manifest = await readIfSound(folder);
    if (manifest?.name !== undefined) siblings.set(manifest.name, { folder, manifest });
  }
  return siblings;
}

/** The folders of a project that have a package.json. `glob` is not in every Node.js that `ofn` runs on. */
async function* packageFolders(folder: string): AsyncGenerator<string> {
  const entries = await readdir(folder, { withFileTypes: true });
  if (entries.some(({ name }) => name === 'package.json')) yield folder;
  for (const entry of entries) {
    if (entry.isDirectory() && !isNotOfApp(entry.name)) yield* packageFolders(join(folder, entry.name));
  }
}

/** What else is called package.json somewhere below is none of a package. */
async function readIfSound(folder: string): Promise<PackageJson | undefined> {
  try {
    return await readPackageJson(folder);
  } catch (error) {
    if (error instanceof FnError) return undefined;
    throw error;
  }
}

function namesIn({ raw }: PackageJson, kinds: readonly string[]): readonly string[] {
  return kinds.flatMap((kind) => (isTable(raw[kind]) ? Object.keys(raw[kind]) : []));
}
