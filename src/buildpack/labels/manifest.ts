import type { FunctionManifest, FunctionSchemas, ManifestFunction } from '../../base/function-manifest.ts';
import type { ProvenFunction } from '../proof/boot-check.ts';
import type { Config } from '../config/function.ts';
import type { Components } from './components.ts';
import { requireServed } from './schemas.ts';

/** What a manifest is made of. */
export interface ManifestParts extends Components {
  readonly config: Config;
  readonly proven: ProvenFunction;
  /** By the names of functions. */
  readonly schemas: ReadonlyMap<string, FunctionSchemas>;
  /** The variables that it reads. */
  readonly environment: readonly string[];
  readonly frameworkVersion: string;
  readonly nodeVersion: string;
}

/** The manifest of a function, as the build saw it boot, or as it was told of it. */
export function manifestOf(parts: ManifestParts): FunctionManifest {
  const { config, proven, schemas, environment, inputs, outputs, ...versions } = parts;
  const { functions, exports } = proven;
  const served = functions.length > 0 ? functions : functionsNamedIn(config, proven.signatureType);
  return {
    schemaVersion: 1,
    functions: withSchemas(served, schemas),
    ...(exports === undefined ? {} : { exports }),
    ...(environment.length === 0 ? {} : { environment }),
    inputs,
    outputs,
    runtime: { framework: versions.frameworkVersion, node: versions.nodeVersion },
  };
}

/** The functions that a project names, when nobody has seen them boot. */
export function functionsNamedIn({ target }: Config, signatureType: string): ManifestFunction[] {
  return target.value.split(',').map((name) => ({ name: name.trim(), signatureType }));
}

/** Functions with what they take and give; OFN-CONFIG where a schema is of none of them. */
export function withSchemas(
  functions: readonly ManifestFunction[],
  schemas: ReadonlyMap<string, FunctionSchemas>,
): readonly ManifestFunction[] {
  requireServed(
    schemas,
    functions.map(({ name }) => name),
  );
  return functions.map((one) => ({ ...one, ...schemas.get(one.name) }));
}
