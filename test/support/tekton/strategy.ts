import { readFileSync } from 'node:fs';
import { load } from 'js-yaml';

/** Parameter of a strategy: a text, or several of them where its type is `array`. */
export interface Parameter {
  readonly name: string;
  readonly default?: string;
  readonly defaults?: readonly string[];
}

/** Rights of a step's container. */
export interface SecurityContext {
  readonly runAsUser?: number;
  readonly runAsGroup?: number;
  readonly runAsNonRoot?: boolean;
  readonly privileged?: boolean;
  readonly allowPrivilegeEscalation?: boolean;
  readonly readOnlyRootFilesystem?: boolean;
  readonly capabilities?: { readonly drop?: readonly string[]; readonly add?: readonly string[] };
  readonly seccompProfile?: { readonly type: string };
}

/** One step of a strategy. */
export interface Step {
  readonly name: string;
  readonly image: string;
  readonly imagePullPolicy?: string;
  readonly command?: readonly string[];
  readonly args?: readonly string[];
  readonly env?: readonly { readonly name: string; readonly value?: string }[];
  readonly workingDir?: string;
  readonly resources?: { readonly limits?: Readonly<Record<string, string | number>>; readonly requests?: object };
  readonly securityContext?: SecurityContext;
  readonly volumeMounts?: readonly VolumeMount[];
}

/** A volume in a container. */
export interface VolumeMount {
  readonly name: string;
  readonly mountPath: string;
  readonly readOnly?: boolean;
}

/** What a BuildStrategy or ClusterBuildStrategy of Shipwright says. */
export interface Strategy {
  readonly apiVersion: 'shipwright.io/v1alpha1' | 'shipwright.io/v1beta1';
  readonly name: string;
  readonly parameters: readonly Parameter[];
  readonly steps: readonly Step[];
  /** Names of its volumes. */
  readonly volumes: readonly string[];
  /** Who runs the steps that don't say it themselves. */
  readonly securityContext?: Pick<SecurityContext, 'runAsUser' | 'runAsGroup'>;
}

/**
 * Fields that a step can have; there is no `script`:
 * https://github.com/shipwright-io/build/blob/v0.20.13/pkg/apis/build/v1beta1/buildstrategy.go
 */
const STEP_FIELDS: ReadonlySet<string> = new Set([
  'name',
  'image',
  'imagePullPolicy',
  'command',
  'args',
  'env',
  'workingDir',
  'resources',
  'securityContext',
  'volumeMounts',
]);

/** A BuildStrategy or ClusterBuildStrategy as it is written. */
export interface StrategyResource {
  readonly apiVersion: Strategy['apiVersion'];
  readonly kind: string;
  readonly metadata: { readonly name: string };
  readonly spec: {
    readonly parameters?: readonly Parameter[];
    readonly steps?: readonly Step[];
    /** What v1alpha1 calls them. */
    readonly buildSteps?: readonly Step[];
    readonly volumes?: readonly { readonly name: string; readonly overridable?: boolean }[];
    readonly securityContext?: Strategy['securityContext'];
  };
}

/** The text of a strategy; lines of a chart that are Helm's alone are passed over, all conditions taken for true. */
export function textOfStrategy(file: string): string {
  const lines = readFileSync(file, 'utf8').split('\n');
  return lines.filter((line) => !/^\s*\{\{.*\}\}$/.test(line)).join('\n');
}

/** Reads a strategy as it is written. */
export function readStrategyResource(file: string): StrategyResource {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- what is wrong with it fails the test that reads it
  return load(textOfStrategy(file)) as StrategyResource;
}

/** Reads a strategy, of whichever version of Shipwright's interface; throws where a step has what Shipwright doesn't know. */
export function readStrategy(file: string): Strategy {
  const { apiVersion, metadata, spec } = readStrategyResource(file);
  const { parameters = [], steps = spec.buildSteps ?? [], volumes = [], securityContext } = spec;
  for (const step of steps) {
    const unknown = Object.keys(step).filter((field) => !STEP_FIELDS.has(field));
    if (unknown.length > 0) throw new Error(`Steps of Shipwright have no ${unknown.join(', ')}: ${file}.`);
  }
  const strategy = { apiVersion, name: metadata.name, parameters, steps, volumes: volumes.map(({ name }) => name) };
  return securityContext === undefined ? strategy : { ...strategy, securityContext };
}
