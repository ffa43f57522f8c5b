import { APISIX, type Config } from '../config/function.ts';
import { describeChange } from '../config/setting.ts';
import type { Sources } from '../config/sources.ts';
import { decisionOf, type Decision } from '../decision.ts';
import { isForeign, type Architectures } from '../dependencies/foreign-code.ts';
import type { LaunchPlan } from '../launch/plan.ts';
import { LAUNCH_SETTINGS } from '../launch/settings.ts';

/** What of a build keeps compiled code out of an image. */
export interface CompiledRequest {
  readonly sources: Sources;
  readonly config: Pick<Config, 'check' | 'signatureType'>;
  readonly architectures: Architectures;
  readonly node: { readonly version: string };
  readonly launch: Pick<LaunchPlan, 'takesCompiled'>;
}

/** Why an image gets no compiled code, in words or as the variable that says so; undefined where it gets some. */
export function whyNotCompiled(request: CompiledRequest): string | undefined {
  const { sources, config, architectures, node, launch } = request;
  const { value: wanted, source } = sources.read(LAUNCH_SETTINGS.compileCache);
  if (!wanted) return source;
  if (config.signatureType.value === APISIX) return 'a runner of plugins is started once and stays';
  if (!config.check.value) return `the function is not booted: ${config.check.source}`;
  if (!launch.takesCompiled) return `Node.js ${node.version} takes none beside a share of the memory for the heap`;
  if (!isForeign(architectures)) return undefined;
  return `the image is for ${architectures.target}, and the build runs on ${architectures.builder}`;
}

/** Whether the image has compiled code; `why` says why it was not to have any, `isThere` whether it has. */
export function compiledDecision(sources: Sources, why: string | undefined, isThere: boolean): Decision {
  const { compileCache, heap } = LAUNCH_SETTINGS;
  if (isThere) return decisionOf(compileCache, sources.read(compileCache), 'on');
  const change = [compileCache, heap].map(describeChange).join(', ');
  const value = sources.read(compileCache).value ? 'none' : 'off';
  return { subject: compileCache.subject, value, source: why ?? 'the build made none: its log says why', change };
}
