import { join } from 'node:path';
import { FnError } from '../../base/error.ts';
import { readTomlIfPresent } from '../../libcnb/toml-file.ts';
import { isTable, type Table } from '../../base/table.ts';

/**
 * What project.toml says of a build. `pack` reads it too and hands on what comes of it; other platforms leave it to the
 * buildpack: https://github.com/buildpacks/spec/blob/main/extensions/project-descriptor.md
 */
export interface ProjectDescriptor {
  /** Variables of the build, in the order of the file. */
  readonly variables: readonly DescribedVariable[];
  /** Patterns of files that are no part of the app. */
  readonly exclude: readonly string[];
  /** Patterns of the only files that are part of the app; empty for all. */
  readonly include: readonly string[];
}

/** A variable, and the execution environments it is for; undefined for all. */
export interface DescribedVariable {
  readonly name: string;
  readonly value: string;
  readonly execEnv: readonly string[] | undefined;
}

const FILE = 'project.toml';

/** Reads `<appDir>/project.toml`, schema 0.1 and later; nothing said where there is none, OFN-CONFIG where it is broken. */
export async function readProjectToml(appDir: string): Promise<ProjectDescriptor> {
  const file = await readFile(appDir);
  const version = tableAt(file, '_')['schema-version'];
  const isFirst = version === undefined || version === '0.1';
  if (version === undefined && file['build'] === undefined && file['io'] !== undefined) {
    throw invalid('without "schema-version" in its table "_", such as "0.2", nobody reads its table "io"');
  }
  const said = isFirst ? tableAt(file, 'build') : tableAt(tableAt(file, 'io'), 'buildpacks');
  const entries = isFirst ? said['env'] : (tableAt(said, 'build')['env'] ?? misnamedEntries(said, version));
  const exclude = textsAt(said, 'exclude');
  const include = textsAt(said, 'include');
  if (exclude.length > 0 && include.length > 0) throw invalid('it has both "include" and "exclude"');
  return { variables: variablesOf(entries ?? []), exclude, include };
}

async function readFile(appDir: string): Promise<Table> {
  try {
    return (await readTomlIfPresent(join(appDir, FILE))) ?? {};
  } catch (error) {
    if (!(error instanceof FnError)) throw error;
    throw new FnError(error.message, { code: error.code, hint: HINT, cause: error });
  }
}

/** What `pack` documented at first, and reads in schema 0.2 as long as the right key is not there. */
function misnamedEntries(buildpacks: Table, version: unknown): unknown {
  const entries = tableAt(buildpacks, 'env')['build'];
  if (entries === undefined || version === '0.2') return entries;
  throw invalid('"io.buildpacks.env.build" is "io.buildpacks.build.env" since schema 0.3');
}

function variablesOf(list: unknown): DescribedVariable[] {
  if (!Array.isArray(list)) throw invalid('"env" is not a list of tables');
  return list.map((entry: unknown) => {
    const { name, value } = isTable(entry) ? entry : {};
    if (typeof name !== 'string' || typeof value !== 'string')
      throw invalid('an entry of "env" is without name or value');
    const execEnv = isTable(entry) && entry['exec-env'] !== undefined ? textsAt(entry, 'exec-env') : undefined;
    return { name, value, execEnv };
  });
}

function tableAt(table: Table, key: string): Table {
  const value = table[key] ?? {};
  if (isTable(value)) return value;
  throw invalid(`"${key}" is not a table`);
}

function textsAt(table: Table, key: string): readonly string[] {
  const value: unknown = table[key] ?? [];
  if (isTexts(value)) return value;
  throw invalid(`"${key}" is not a list of texts`);
}

function isTexts(value: unknown): value is string[] {
  return Array.isArray(value) && value.every((part) => typeof part === 'string');
}

const HINT =
  'Correct project.toml: https://buildpacks.io/docs/reference/config/project-descriptor/ has its keys; a text stands in quotes.';

function invalid(fault: string): FnError {
  return new FnError(`Couldn't read ${FILE}: ${fault}.`, { code: 'OFN-CONFIG', hint: HINT });
}
