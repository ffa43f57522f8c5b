import { FnError } from '../base/error.ts';

/** The Node.js that native modules of an image were compiled for. */
export interface BuiltFor {
  /** `process.versions.modules` of it. */
  readonly abi: string;
  /** The path of one of them. */
  readonly nativeModule: string;
}

/** Refuses a Node.js that native modules would not load in, such as one that a rebase brought. */
export function refuseOtherAbi(
  { abi, nativeModule }: BuiltFor,
  versions: { readonly node: string; readonly modules: string },
): void {
  if (abi === versions.modules) return;
  throw new FnError(
    `Couldn't start on Node.js ${versions.node}: ${nativeModule} was compiled for the module ABI ${abi}, and this Node.js has ${versions.modules}.`,
    {
      code: 'OFN-NODE-ABI',
      hint: 'Build the function again for the new run image; a rebase can change Node.js within its release line alone.',
    },
  );
}
