import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** The names that a list of paths has, such as `@app/*`: tsconfig.json may have comments, so it is no JSON. */
const KEYS = /"([^"\n]+)"\s*:\s*\[/g;

/**
 * The tsconfig.json, nearest above a module, whose `paths` lead a specifier somewhere; undefined where none does. Node.js
 * follows none of them.
 */
export function tsconfigWithPath(specifier: string, importer: string): string | undefined {
  const file = nearest(dirname(importer));
  if (file === undefined) return undefined;
  const text = readFileSync(file, 'utf8');
  const paths = /"paths"\s*:\s*\{([^}]*)\}/.exec(text)?.[1] ?? '';
  const isMeant = ([, key = '']: RegExpExecArray): boolean => {
    const [start = '', end] = key.split('*');
    return end === undefined ? specifier === key : specifier.startsWith(start) && specifier.endsWith(end);
  };
  // A star alone stands for whatever somebody installs.
  return [...paths.matchAll(KEYS)].some((match) => match[1] !== '*' && isMeant(match)) ? file : undefined;
}

function nearest(folder: string): string | undefined {
  const file = join(folder, 'tsconfig.json');
  if (existsSync(file)) return file;
  return dirname(folder) === folder ? undefined : nearest(dirname(folder));
}
