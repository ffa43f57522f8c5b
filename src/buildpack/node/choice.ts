import { intersects, lt, major, maxSatisfying, satisfies } from 'semver';
import { FnError } from '../../base/error.ts';
import { lineOf } from './releases.ts';
import type { NodeRequest } from './request.ts';

/** What the functions framework runs on: `module.registerHooks` and TypeScript without a flag. */
export const SERVED = '^22.18.0 || >=23.6.0';

/** What can be had without asking anybody. */
export interface AtHand {
  /** The version in the run image, where the builder says it. */
  readonly runImage: string | undefined;
  /** The version that runs the build. */
  readonly builder: string;
  /** Whether the builder's program works on its own, so that an image can have a copy. */
  readonly portable: boolean;
  /** The version in the layer of the previous image. */
  readonly recorded: string | undefined;
}

/** Where the Node.js of a function comes from. */
export type NodeChoice =
  | { readonly from: 'run-image' | 'builder' | 'previous-image'; readonly version: string }
  /** To be looked for, because nothing at hand fits. */
  | { readonly from: 'elsewhere' };

/**
 * The Node.js for a request, of what is at hand: the run image's costs nothing, the builder's no network, the previous
 * image's no upload. A version with known vulnerabilities is not taken over while the request allows another.
 */
export function chooseNode(request: NodeRequest | undefined, at: AtHand): NodeChoice {
  refuseOld(request);
  const range = request?.range ?? '*';
  const fits = (version: string): boolean => satisfies(version, range) && satisfies(version, SERVED);
  const { runImage, builder, recorded } = at;
  // Dependencies are compiled and tried with the builder's, so the two must have one ABI.
  if (runImage !== undefined && fits(runImage) && major(runImage) === major(builder)) {
    return { from: 'run-image', version: runImage };
  }
  if (at.portable && fits(builder)) return { from: 'builder', version: builder };
  if (recorded === undefined || !fits(recorded) || canBeSecured(recorded, range)) return { from: 'elsewhere' };
  return { from: 'previous-image', version: recorded };
}

function canBeSecured(version: string, range: string): boolean {
  const secured = lineOf(version)?.secured;
  return secured !== undefined && isVulnerable(version) && satisfies(secured.version, range);
}

/** The best of released versions: of a line with long-term support if one fits, and of those the newest. */
export function newestOf({ range, source, text }: NodeRequest, released: readonly string[], from: string): string {
  const served = released.filter((version) => satisfies(version, SERVED));
  const supported = served.filter((version) => lineOf(version)?.codename !== undefined);
  const best = maxSatisfying(supported, range) ?? maxSatisfying(served, range);
  if (best !== null) return best;
  throw new FnError(`Couldn't find a Node.js for "${text}", which ${source} asks for: ${from} has none.`, {
    code: 'OFN-NODE-VERSION',
    hint: `The newest there is ${maxSatisfying(served, '*') ?? 'none'}; ask for a version that exists, or for a whole line such as 24.`,
  });
}

/** Whether the table knows of vulnerabilities in a version. */
export function isVulnerable(version: string): boolean {
  const secured = lineOf(version)?.secured;
  return secured !== undefined && lt(version, secured.version);
}

/** Neither functions framework nor TypeScript without a flag are to be had for older versions. */
function refuseOld(request: NodeRequest | undefined): void {
  if (request === undefined || intersects(request.range, SERVED)) return;
  throw new FnError(
    `Couldn't build for Node.js ${request.text}, which ${request.source} asks for: the functions framework needs 22.18, 23.6 or later.`,
    {
      code: 'OFN-FUNC-NODE',
      hint: `Let ${request.source} ask for a version that gets fixes, for example 24; BP_NODE_VERSION=24 does it for one build.`,
    },
  );
}
