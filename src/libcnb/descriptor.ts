import { join } from 'node:path';
import { FnError } from '../base/error.ts';
import { isTable } from '../base/table.ts';
import { readToml } from './toml-file.ts';

/** The Buildpack API this library speaks: https://github.com/buildpacks/spec/blob/main/buildpack.md#buildpacktoml-toml */
export const BUILDPACK_API = '0.10';

/** A distribution the buildpack is for; what is left out may be anything. */
export interface DeclaredDistribution {
  readonly name?: string;
  readonly version?: string;
}

/** A machine the buildpack is for; what is left out may be anything. */
export interface DeclaredTarget {
  readonly os?: string;
  readonly arch?: string;
  readonly variant?: string;
  readonly distros: readonly DeclaredDistribution[];
}

/** What a phase needs of its own buildpack.toml. */
export interface Descriptor {
  readonly id: string;
  readonly version: string;
  /** SBOM media types the buildpack may write. */
  readonly sbomFormats: readonly string[];
  /** The machines it is for; none means any Linux. */
  readonly targets: readonly DeclaredTarget[];
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
  if (!isTable(buildpack)) throw invalid(path, '[buildpack] is missing');
  const { id, version } = buildpack;
  if (typeof id !== 'string' || typeof version !== 'string') throw invalid(path, '"id" or "version" is not a text');
  const formats = buildpack['sbom-formats'] ?? [];
  if (!Array.isArray(formats)) throw invalid(path, '"sbom-formats" is not a list');
  const metadata = file['metadata'];
  return {
    id,
    version,
    sbomFormats: formats.map(String),
    targets: decodeTargets(file['targets'] ?? [], path),
    metadata: isTable(metadata) ? metadata : {},
  };
}

function decodeTargets(value: unknown, path: string): DeclaredTarget[] {
  if (!Array.isArray(value) || !value.every(isTable)) throw invalid(path, '"targets" is not a list of tables');
  return value.map((target) => {
    const distros: unknown = target['distros'] ?? [];
    if (!Array.isArray(distros) || !distros.every(isTable)) throw invalid(path, '"distros" is not a list of tables');
    return {
      ...textsAt(target, ['os', 'arch', 'variant'], path),
      distros: distros.map((distribution) => textsAt(distribution, ['name', 'version'], path)),
    };
  });
}

function textsAt<K extends string>(
  table: Readonly<Record<string, unknown>>,
  keys: readonly K[],
  path: string,
): { [key in K]?: string } {
  const texts: { [key in K]?: string } = {};
  for (const key of keys) {
    const text = table[key];
    if (text === undefined) continue;
    if (typeof text !== 'string') throw invalid(path, `"${key}" in [[targets]] is not a text`);
    texts[key] = text;
  }
  return texts;
}

function invalid(path: string, fault: string): FnError {
  return new FnError(`Couldn't use ${path}: ${fault}.`, {
    code: 'OFN-CNB-DESCRIPTOR',
    hint: 'This is a fault of the buildpack, not of the app: install a release of it, or correct the file.',
  });
}
