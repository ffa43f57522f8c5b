import { MANIFEST_LABEL, type FunctionManifest } from '../../base/function-manifest.ts';
import type { Sources } from '../config/sources.ts';
import type { PackageJson } from '../project/package-json.ts';
import { describingLabels, ofFunctions } from './description.ts';

/** What labels are made of. */
export interface LabelParts {
  readonly sources: Sources;
  readonly packageJson: PackageJson | undefined;
  readonly manifest: FunctionManifest;
  /** `process.versions.modules` of the Node.js of the image. */
  readonly abi: string;
}

/** The labels of a function's image; what a variable says wins over package.json. */
export function labelsOf({ sources, packageJson, manifest, abi }: LabelParts): Record<string, string> {
  const names = manifest.functions.map(({ name }) => name).join(',');
  return {
    ...describingLabels({ sources, packageJson, otherwise: ofFunctions(manifest.functions) }),
    [MANIFEST_LABEL]: JSON.stringify(manifest),
    'io.openfunction.function.name': names,
    'io.openfunction.function.signature-type': manifest.functions[0]?.signatureType ?? '',
    'io.openfunction.framework.version': manifest.runtime.framework,
    'io.openfunction.node.version': manifest.runtime.node,
    'io.openfunction.node.abi': abi,
  };
}
