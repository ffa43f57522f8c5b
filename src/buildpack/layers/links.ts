import { isTable } from '../../base/table.ts';

/** Links of the layer of dependencies to folders of the project, out of its metadata: path in the layer to path in the project. */
export function readLinks(text: string): Readonly<Record<string, string>> {
  const links: unknown = JSON.parse(text);
  const entries = Object.entries(isTable(links) ? links : {});
  return Object.fromEntries(entries.map(([path, target]) => [path, String(target)]));
}
