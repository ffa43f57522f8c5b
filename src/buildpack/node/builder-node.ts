import { dirname, join } from 'node:path';
import { kindOf } from '../../libcnb/text-file.ts';

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

/** Describes the Node.js that runs the build. */
export async function builderNode({ arch, config, execPath, versions }: NodeProcess): Promise<BuilderNode> {
  const folder = dirname(dirname(execPath));
  const hasHeaders = (await kindOf(join(folder, 'include/node/node_version.h'))) !== undefined;
  // Distributions build it against their own libraries, such as node_shared_openssl: a copy would not start elsewhere.
  const shared = Object.entries(config.variables).some(
    ([name, value]) => /^node_shared(?:_|$)/.test(name) && value === true,
  );
  return {
    version: versions.node,
    abi: versions.modules,
    arch: arch === 'x64' ? 'amd64' : arch,
    folder,
    headers: hasHeaders ? folder : undefined,
    portable: !shared && execPath === join(folder, 'bin/node'),
  };
}
