import { satisfies, validRange } from 'semver';
import { FnError } from '../base/error.ts';
import type { Environment } from '../base/setting.ts';
import type { PackageJson } from './package-json.ts';

/** The builder says with this variable which Node.js its run image carries. */
const RUN_IMAGE_NODE = 'BP_RUN_IMAGE_NODE_VERSION';

/** The version of Node.js the function will run on: the run image's, when the project accepts it. */
export function chooseNode(packageJson: PackageJson | undefined, env: Environment): string {
  const version = env[RUN_IMAGE_NODE];
  if (!version) {
    throw new FnError("Couldn't choose a version of Node.js: the builder does not say which one its run image has.", {
      code: 'OFN-NODE-VERSION',
      hint: `Use the builder openfunction/builder-node; another builder has to set ${RUN_IMAGE_NODE}.`,
    });
  }
  const range = packageJson?.nodeRange;
  if (range === undefined || (validRange(range) !== null && satisfies(version, range))) return version;
  throw new FnError(`Couldn't use Node.js ${version}: "engines.node" in package.json asks for "${range}".`, {
    code: 'OFN-NODE-VERSION',
    hint: `Widen "engines.node" to a range that has ${version}, for example ">=${version.split('.')[0]}".`,
  });
}
