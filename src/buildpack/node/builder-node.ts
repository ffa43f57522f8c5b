import { dirname, join } from 'node:path';
import { satisfies } from 'semver';
import { imageArchitecture } from '../../base/architecture.ts';
import { FnError } from '../../base/error.ts';
import { kindOf } from '../../libcnb/text-file.ts';
import { SERVED } from './choice.ts';

/** The Node.js that runs the build. */
export interface BuilderNode {
  readonly version: string;
  /** `process.versions.modules`. */
  readonly abi: string;
  /** Architecture in the spec's terms. */
  readonly arch: string;
  /** The folder that its `bin/node` is in. */
  readonly folder: string;
  /** The folder to compile native modules against, where it has headers. */
  readonly headers: string | undefined;
  /** Whether its program needs no libraries beside those of every system, so that an image can have a copy. */
  readonly portable: boolean;
}

/** What `process` says of the Node.js it is. */
export interface NodeProcess {
  readonly arch: string;
  readonly execPath: string;
  readonly versions: { readonly node: string; readonly modules: string };
  readonly config: { readonly variables: object };
}

/** Describes the Node.js that runs the build; OFN-BUILDPACK when it is too old to. */
export async function builderNode({ arch, config, execPath, versions }: NodeProcess): Promise<BuilderNode> {
  if (!satisfies(versions.node, SERVED)) throw tooOld(versions.node);
  const folder = dirname(dirname(execPath));
  const hasHeaders = (await kindOf(join(folder, 'include/node/node_version.h'))) !== undefined;
  // Distributions build it against their own libraries, such as node_shared_openssl: a copy would not start elsewhere.
  const shared = Object.entries(config.variables).some(
    ([name, value]) => /^node_shared(?:_|$)/.test(name) && value === true,
  );
  return {
    version: versions.node,
    abi: versions.modules,
    arch: imageArchitecture(arch),
    folder,
    headers: hasHeaders ? folder : undefined,
    portable: !shared && execPath === join(folder, 'bin/node'),
  };
}

function tooOld(version: string): FnError {
  return new FnError(
    `Couldn't build with Node.js ${version} of the build image: the buildpack needs 22.18, 23.6 or later.`,
    {
      code: 'OFN-BUILDPACK',
      hint: 'Use the builder openfunction/builder-node, or a build image with a Node.js that gets fixes, and npm.',
    },
  );
}
