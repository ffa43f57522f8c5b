import { nodeArchitecture } from '../../base/architecture.ts';
import { FnError } from '../../base/error.ts';
import { askNpm, downloadPackage, type NpmSite } from '../managers/registry.ts';
import type { NodeOrigin } from './origin.ts';

/** Node.js as packages of the registry that npm is configured for, with its credentials, proxy and certificates. */
export function npmOrigin(arch: string, site: NpmSite): NodeOrigin {
  const name = `node-linux-${nodeArchitecture(arch)}`;
  return {
    name: `the registry's ${name}`,
    async versions() {
      const answer: unknown = await explained(name, async () =>
        JSON.parse(await askNpm(['view', name, 'versions', '--json'], site)),
      );
      return [answer].flat().map(String);
    },
    async download(version, folder) {
      return explained(`${name}@${version}`, async () => downloadPackage(`${name}@${version}`, folder, site));
    },
  };
}

/** A package that is missing is not one that the project lists. */
async function explained<T>(spec: string, act: () => Promise<T>): Promise<T> {
  try {
    return await act();
  } catch (error) {
    if (!(error instanceof FnError) || error.code !== 'OFN-DEPS-NOT-FOUND') throw error;
    throw new FnError(`Couldn't fetch Node.js: the registry has no ${spec}.`, {
      code: 'OFN-NODE-VERSION',
      hint: 'Ask for a version that exists, for example 24; a private registry has to pass this package on, or BP_NODE_DIST_URL names a mirror of nodejs.org/dist.',
      cause: error,
    });
  }
}
