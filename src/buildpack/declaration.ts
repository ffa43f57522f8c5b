import { FnError } from '../base/error.ts';
import { isTable, type Table } from '../base/table.ts';
import { decodeKeel } from './keel.ts';
import type { PackageJson } from './package-json.ts';

/** What a project says of its function in func.toml or package.json, under the key `openfunction`. */
export interface Declaration {
  /** The exported function to serve. */
  readonly name?: string;
  /** The signature type. */
  readonly type?: string;
  /** File or folder of the function, relative to the app. */
  readonly source?: string;
  /** Scripts of package.json to run before, with commas between them. */
  readonly scripts?: string;
  /** What makes it a plugin of Keel, as variables. */
  readonly keel?: Readonly<Record<string, string>>;
  /** The file that says so, relative to the app. */
  readonly file: string;
}

const KEYS = ['name', 'type', 'source', 'scripts'] as const;

/** The project's own declaration: func.toml (already decoded) first, then package.json; undefined when neither has one. */
export function readDeclaration(files: {
  readonly funcToml: Table | undefined;
  readonly packageJson: PackageJson | undefined;
}): Declaration | undefined {
  const candidates = [
    { file: 'func.toml', value: files.funcToml?.['openfunction'] },
    { file: 'package.json', value: files.packageJson?.openfunction },
  ];
  const found = candidates.find((candidate) => candidate.value !== undefined);
  const keel = decodeKeel(files.funcToml?.['keel']);
  const declared = found === undefined ? undefined : decode(found.value, found.file);
  return keel === undefined ? declared : { file: 'func.toml', ...declared, keel };
}

function decode(value: unknown, file: string): Declaration {
  if (!isTable(value)) throw invalid(file, '"openfunction" is not a table');
  const stray = Object.keys(value).find((key) => !KEYS.some((known) => known === key));
  if (stray !== undefined) throw invalid(file, `"openfunction.${stray}" is not a known key`);
  const declaration: { -readonly [K in keyof Declaration]: Declaration[K] } = { file };
  for (const key of KEYS) {
    const text = value[key];
    if (text === undefined) continue;
    if (typeof text !== 'string' || text === '') throw invalid(file, `"openfunction.${key}" is not a text`);
    declaration[key] = text;
  }
  return declaration;
}

function invalid(file: string, fault: string): FnError {
  return new FnError(`Couldn't read the function's declaration in ${file}: ${fault}.`, {
    code: 'OFN-CONFIG',
    hint: `Known keys of "openfunction" are ${KEYS.join(', ')}, each a text, for example name = "hello".`,
  });
}
