import { join } from 'node:path';
import { FnError } from '../../base/error.ts';
import type { FunctionSchemas, JsonSchema } from '../../base/function-manifest.ts';
import { isInside } from '../../base/inside.ts';
import { parseJson } from '../../base/json.ts';
import { isTable } from '../../base/table.ts';
import { readTomlIfPresent } from '../../libcnb/toml-file.ts';
import { readTextIfPresent } from '../project/json-file.ts';

const SIDES = ['input', 'output'] as const;
/** Bytes of a schema: it is in a label of the image. */
const LIMIT = 32 * 1024;
/** In a schema by itself, or an address: other files are none of the image's label. */
const REFERENCE = /^(?:#|[a-z][\w+.-]*:)/i;

/** Reads `[schemas.<function>]` of func.toml: the JSON Schema files of what functions take and give, by their names. */
export async function readSchemas(projectDir: string): Promise<ReadonlyMap<string, FunctionSchemas>> {
  const table = (await readTomlIfPresent(join(projectDir, 'func.toml')))?.['schemas'] ?? {};
  if (!isTable(table)) throw invalid('"schemas" is not a table');
  const found = new Map<string, FunctionSchemas>();
  for (const [name, files] of Object.entries(table)) {
    if (!isTable(files)) throw invalid(`"schemas.${name}" is not a table`);
    const schemas: { input?: JsonSchema; output?: JsonSchema } = {};
    for (const [key, file] of Object.entries(files)) {
      const side = SIDES.find((known) => known === key);
      if (side === undefined) throw invalid(`"schemas.${name}.${key}" is not a known key`);
      if (typeof file !== 'string') throw invalid(`"schemas.${name}.${key}" is not a text`);
      schemas[side] = await readSchema(projectDir, file, `"schemas.${name}.${key}"`);
    }
    found.set(name, schemas);
  }
  return found;
}

/** Refuses schemas of functions that are not served. */
export function requireServed(schemas: ReadonlyMap<string, FunctionSchemas>, names: readonly string[]): void {
  const stray = [...schemas.keys()].find((name) => !names.includes(name));
  if (stray !== undefined) throw invalid(`"schemas.${stray}" is of no function that is served (${names.join(', ')})`);
}

async function readSchema(projectDir: string, file: string, at: string): Promise<JsonSchema> {
  const path = join(projectDir, file);
  const text = isInside(projectDir, path) ? await readTextIfPresent(path, 'OFN-CONFIG') : undefined;
  if (text === undefined) throw invalid(`${at} names ${file}, which is no file of the project`);
  if (Buffer.byteLength(text) > LIMIT) throw invalid(`${file} has more than ${LIMIT} bytes`);
  const schema = parseJson(text);
  if (!isTable(schema)) throw invalid(`${file} is no JSON Schema`);
  const outer = referencesIn(schema).find((reference) => !REFERENCE.test(reference));
  if (outer !== undefined) throw invalid(`${file} refers to another file, "${outer}"`);
  return schema;
}

function referencesIn(value: unknown): readonly string[] {
  if (Array.isArray(value)) return value.flatMap(referencesIn);
  if (!isTable(value)) return [];
  return Object.entries(value).flatMap(([key, inner]) =>
    key === '$ref' && typeof inner === 'string' ? [inner] : referencesIn(inner),
  );
}

function invalid(fault: string): FnError {
  return new FnError(`Couldn't read the schemas of func.toml: ${fault}.`, {
    code: 'OFN-CONFIG',
    hint: 'Name files with one JSON Schema each as "input" and "output" of [schemas.<function>]; docs/manifest.md has an example.',
  });
}
