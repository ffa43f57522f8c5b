import { readFile } from 'node:fs/promises';
import { FnError, messageOf, type ErrorCode } from '../../base/error.ts';
import { isTable, type Table } from '../../base/table.ts';
import { faultOf, isAbsent } from '../../libcnb/text-file.ts';

/** The text of a file; undefined when there is none, FnError `code` when it can not be read. */
export async function readTextIfPresent(path: string, code: ErrorCode): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if (isAbsent(error)) return undefined;
    throw new FnError(`Couldn't read ${path}: ${faultOf(error)}.`, {
      code,
      hint: `Make ${path} a file that the build may read, or remove it.`,
      cause: error,
    });
  }
}

/** Reads a JSON file that must hold an object; undefined when there is no such file, FnError `code` when it is broken. */
export async function readJsonTable(path: string, code: ErrorCode): Promise<Table | undefined> {
  const text = await readTextIfPresent(path, code);
  if (text === undefined) return undefined;
  return parseJsonTable(text, path, code);
}

/** The object that a JSON text holds; `path` is where it stands, FnError `code` tells when it is broken. */
export function parseJsonTable(text: string, path: string, code: ErrorCode): Table {
  const parsed = parseJson(text, path, code);
  if (isTable(parsed)) return parsed;
  throw new FnError(`Couldn't read ${path}: it holds ${kindOf(parsed)}, not an object.`, {
    code,
    hint: `Make ${path} a JSON object, or remove it.`,
  });
}

function parseJson(text: string, path: string, code: ErrorCode): unknown {
  try {
    return JSON.parse(text.replace(/^\uFEFF/, ''));
  } catch (error) {
    throw new FnError(`Couldn't read ${path}: ${messageOf(error)}.`, {
      code,
      hint: `Correct the JSON in ${path}; "node -p 'JSON.parse(fs.readFileSync(process.argv[1]))' ${path}" shows where it breaks.`,
      cause: error,
    });
  }
}

function kindOf(value: unknown): string {
  if (value === null) return 'null';
  return Array.isArray(value) ? 'an array' : `a ${typeof value}`;
}
