import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from './artefact.ts';

/** The cells of a table of a page, without its head; `first` is the head of its first column. */
export function tableOf(page: string, first: string): readonly (readonly string[])[] {
  const lines = readFileSync(join(ROOT, 'docs', page), 'utf8').split('\n');
  const head = lines.findIndex((line) => cellsOf(line)[0] === first);
  if (head === -1) throw new Error(`docs/${page} has no table "${first}".`);
  const rows = lines.slice(head + 2);
  return rows.slice(0, rows.indexOf('')).map(cellsOf);
}

function cellsOf(line: string): string[] {
  if (!line.startsWith('|')) return [];
  const cells = line.slice(1, -1).split(/(?<!\\)\|/);
  return cells.map((cell) => cell.trim().replaceAll('\\|', '|'));
}

/** What a cell has in code, such as names of variables. */
export function codesOf(cell: string | undefined): readonly string[] {
  return [...(cell ?? '').matchAll(/`([^`]+)`/g)].map(([, code = '']) => code);
}
