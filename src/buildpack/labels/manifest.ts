import type { FunctionManifest, ManifestFunction } from '../../base/function-manifest.ts';
import type { ProvenFunction } from '../boot-check.ts';
import type { Config } from '../config/function.ts';
import type { Components } from './components.ts';

/** What a manifest is made of. */
export interface ManifestParts extends Components {
  readonly config: Config;
  readonly proven: ProvenFunction;
  readonly frameworkVersion: string;
  readonly nodeVersion: string;
}

/** The manifest of a function, as the build saw it boot, or as it was told of it. */
export function manifestOf({ config, proven, inputs, outputs, ...versions }: ManifestParts): FunctionManifest {
  const { functions, exports } = proven;
  return {
    schemaVersion: 1,
    functions: functions.length > 0 ? functions : functionsNamedIn(config, proven.signatureType),
    ...(exports === undefined ? {} : { exports }),
    inputs,
    outputs,
    runtime: { framework: versions.frameworkVersion, node: versions.nodeVersion },
  };
}

/** The functions that a project names, when nobody has seen them boot. */
export function functionsNamedIn({ target }: Config, signatureType: string): ManifestFunction[] {
  return target.value.split(',').map((name) => ({ name: name.trim(), signatureType }));
}
