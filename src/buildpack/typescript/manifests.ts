import { isTable } from '../../base/table.ts';
import { readPackageJson, type PackageJson } from '../project/package-json.ts';
import { foldersUp } from '../project/project-folder.ts';

/** A package.json on the way from the function's folder up to the project's. */
export interface Manifest {
  /** Absolute folder. */
  readonly folder: string;
  /** The whole file. */
  readonly packageJson: PackageJson;
  /** `main`, where it is a text. */
  readonly main: string | undefined;
  /** The scripts, name to command. */
  readonly scripts: Readonly<Record<string, string>>;
  /** Whether it lists the compiler among dependencies of any kind. */
  readonly listsCompiler: boolean;
}

/** Reads them, the nearest one first. */
export async function readManifests(projectDir: string, folder: string): Promise<readonly Manifest[]> {
  const found = await Promise.all(foldersUp(projectDir, folder).map(readManifest));
  return found.filter((manifest) => manifest !== undefined);
}

async function readManifest(folder: string): Promise<Manifest | undefined> {
  const manifest = await readPackageJson(folder);
  if (manifest === undefined) return undefined;
  const { raw, scripts } = manifest;
  const { main, devDependencies, dependencies } = raw;
  const listsCompiler = [devDependencies, dependencies].some((list) => isTable(list) && 'typescript' in list);
  return { folder, packageJson: manifest, main: typeof main === 'string' ? main : undefined, scripts, listsCompiler };
}
