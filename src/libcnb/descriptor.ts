import { join } from 'node:path';
import { FnError } from '../base/error.ts';
import { isTomlTable, readToml } from './toml-file.ts';

/** The Buildpack API this library speaks: https://github.com/buildpacks/spec/blob/main/buildpack.md#buildpacktoml-toml */
export const BUILDPACK_API = '0.10';

/** What a phase needs of its own buildpack.toml. */
export interface Descriptor {
  readonly id: string;
  readonly version: string;
  /** SBOM media types the buildpack may write. */
  readonly sbomFormats: readonly string[];
  /** The free `[metadata]` table. */
  readonly metadata: Readonly<Record<string, unknown>>;
}

/** Reads `<buildpackDir>/buildpack.toml`; its `api` is checked before anything else. */
export async function readDescriptor(buildpackDir: string): Promise<Descriptor> {
  const path = join(buildpackDir, 'buildpack.toml');
  const file = await readToml(path);
  if (file['api'] !== BUILDPACK_API) {
    throw invalid(path, `"api" is ${JSON.stringify(file['api'])}, and this library speaks ${BUILDPACK_API}`);
  }
  const buildpack = file['buildpack'];
  if (!isTomlTable(buildpack)) throw invalid(path, '[buildpack] is missing');
  const { id, version } = buildpack;
  if (typeof id !== 'string' || typeof version !== 'string') throw invalid(path, '"id" or "version" is not a text');
  const formats = buildpack['sbom-formats'] ?? [];
  if (!Array.isArray(formats)) throw invalid(path, '"sbom-formats" is not a list');
  const metadata = file['metadata'];
  return { id, version, sbomFormats: formats.map(String), metadata: isTomlTable(metadata) ? metadata : {} };
}

function invalid(path: string, fault: string): FnError {
  return new FnError(`Couldn't use ${path}: ${fault}.`, {
    code: 'OFN-CNB-DESCRIPTOR',
    hint: 'This is a fault of the buildpack, not of the app: install a release of it, or correct the file.',
  });
}
