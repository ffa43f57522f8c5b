import { matchesGlob } from 'node:path';
import { parseJson } from '../../base/json.ts';
import { isTable } from '../../base/table.ts';
import { LOCK_FILES } from '../managers/choose.ts';
import { PNPM } from '../managers/pnpm.ts';

/** How package managers are told which folders are one project. */
export interface WorkspaceKind {
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
const YAML_LIST = /^(?:packages|"packages"|'packages'):[ \t]*(?:\[([^\]]*)\]|(?:#.*)?((?:\n[ \t]*(?:[-#].*)?$)*))/m;
const YAML_TEXT = /^\s*(?:'([^']*)'|"([^"]*)"|(.*?))\s*(?:#.*)?$/;

/** That of most managers, and that of pnpm. */
export const WORKSPACE_KINDS: readonly WorkspaceKind[] = [
  { file: 'package.json', locks: MANIFEST_LOCKS, nearestAlone: false, patternsIn: patternsInManifest },
  { file: 'pnpm-workspace.yaml', locks: PNPM.lockFiles, nearestAlone: true, patternsIn: patternsInYaml },
];

/** Whether patterns mean a folder, by its path: the last that fits decides; those with "!" take out. */
export function isAmong(patterns: readonly string[], path: string): boolean {
  const fits = (pattern: string): boolean => matchesGlob(path, pattern.replace(/^!/, '').replaceAll(/^\.\/|\/+$/g, ''));
  const last = patterns.findLast(fits);
  return last !== undefined && !last.startsWith('!');
}

/** `workspaces`, a list or a table with `packages`: https://docs.npmjs.com/cli/using-npm/workspaces */
function patternsInManifest(text: string): readonly string[] {
  const manifest = parseJson(text);
  const workspaces = isTable(manifest) ? manifest['workspaces'] : undefined;
  const patterns = isTable(workspaces) ? workspaces['packages'] : workspaces;
  return Array.isArray(patterns) ? patterns.map(String) : [];
}

/** `packages`, as people and tools write it: https://pnpm.io/pnpm-workspace_yaml */
function patternsInYaml(text: string): readonly string[] {
  const [, inline, block = ''] = YAML_LIST.exec(text) ?? [];
  const items = inline?.split(',') ?? block.split('\n').flatMap((line) => /^\s*-(.*)/.exec(line)?.[1] ?? []);
  return items.map((item) => YAML_TEXT.exec(item)?.slice(1).join('') ?? '');
}
