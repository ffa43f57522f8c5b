import { readFile } from 'node:fs/promises';
import { dirname, join, matchesGlob, relative } from 'node:path';
import { isFile } from '../../base/path-kind.ts';
import { isTable } from '../../base/table.ts';
import { LOCK_FILES } from '../managers/choose.ts';
import { PNPM } from '../managers/pnpm.ts';

/** How package managers are told which folders are one project. */
interface Kind {
  /** The file that says so. */
  readonly file: string;
  /** The lock files of those who read it. */
  readonly locks: readonly string[];
  /** Whether the nearest file is asked alone, whatever it says. */
  readonly nearestAlone: boolean;
  /** The patterns of folders in it; none where it says nothing, or can't be read. */
  patternsIn(text: string): readonly string[];
}

const MANIFEST_LOCKS = LOCK_FILES.filter((name) => !PNPM.lockFiles.includes(name));
const KINDS: readonly Kind[] = [
  { file: 'package.json', locks: MANIFEST_LOCKS, nearestAlone: false, patternsIn: patternsInManifest },
  { file: 'pnpm-workspace.yaml', locks: PNPM.lockFiles, nearestAlone: true, patternsIn: patternsInYaml },
];
const YAML_LIST = /^packages:[ \t]*(?:\[([^\]]*)\]|(?:#.*)?((?:\n[ \t]*(?:[-#].*)?$)*))/m;
const YAML_TEXT = /^\s*(?:'([^']*)'|"([^"]*)"|(.*?))\s*(?:#.*)?$/;

/**
 * The nearest folder above `folder` that counts it among its workspaces: there a package manager would install, with the
 * lock file of all. A folder with a lock file of its own is asked about in the terms of the managers that read it.
 */
export async function findWorkspaceRoot(folder: string): Promise<string | undefined> {
  const locked = KINDS.filter(({ locks }) => locks.some((name) => isFile(join(folder, name))));
  const roots = await Promise.all((locked.length > 0 ? locked : KINDS).map(async (kind) => rootOf(folder, kind)));
  return roots.find((root) => root !== undefined);
}

async function rootOf(folder: string, kind: Kind): Promise<string | undefined> {
  const { file, nearestAlone } = kind;
  if (nearestAlone && isFile(join(folder, file))) return undefined;
  for (const above of foldersAbove(folder)) {
    const text = await readFile(join(above, file), 'utf8').catch(() => undefined);
    if (text === undefined) continue;
    if (isAmong(kind.patternsIn(text), relative(above, folder))) return above;
    if (nearestAlone) return undefined;
  }
  return undefined;
}

function foldersAbove(folder: string): readonly string[] {
  const above = dirname(folder);
  return above === folder ? [] : [above, ...foldersAbove(above)];
}

/** The last pattern that fits decides; those with "!" take out. */
function isAmong(patterns: readonly string[], path: string): boolean {
  const fits = (pattern: string): boolean => matchesGlob(path, pattern.replace(/^!/, '').replaceAll(/^\.\/|\/+$/g, ''));
  const last = patterns.findLast(fits);
  return last !== undefined && !last.startsWith('!');
}

/** `workspaces`, a list or a table with `packages`: https://docs.npmjs.com/cli/using-npm/workspaces */
function patternsInManifest(text: string): readonly string[] {
  try {
    const manifest: unknown = JSON.parse(text);
    const workspaces = isTable(manifest) ? manifest['workspaces'] : undefined;
    const patterns = isTable(workspaces) ? workspaces['packages'] : workspaces;
    return Array.isArray(patterns) ? patterns.map(String) : [];
  } catch {
    return [];
  }
}

/** `packages`, as people and tools write it: https://pnpm.io/pnpm-workspace_yaml */
function patternsInYaml(text: string): readonly string[] {
  const [, inline, block = ''] = YAML_LIST.exec(text) ?? [];
  const items = inline?.split(',') ?? block.split('\n').flatMap((line) => /^\s*-(.*)/.exec(line)?.[1] ?? []);
  return items.map((item) => YAML_TEXT.exec(item)?.slice(1).join('') ?? '');
}
