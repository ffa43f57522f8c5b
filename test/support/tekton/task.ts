import { posix } from 'node:path';
import { expand, substitute, substituteWords, type Values } from './references.ts';
import type { SecurityContext, Step, Strategy, VolumeMount } from './strategy.ts';

/** What a Build of Shipwright says. */
export interface Build {
  readonly strategy: Strategy;
  readonly output: { readonly image: string; readonly insecure?: boolean };
  readonly contextDir?: string;
  /** The builder's image, which v1alpha1 knows besides. */
  readonly builder?: string;
  readonly params?: Readonly<Record<string, string | readonly string[]>>;
  readonly env?: Readonly<Record<string, string>>;
}

/** A step with all references resolved. */
export interface TaskStep {
  readonly name: string;
  readonly image: string;
  readonly command: readonly string[];
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly workingDir: string | undefined;
  readonly security: SecurityContext;
  readonly mounts: readonly Required<VolumeMount>[];
  readonly limits: Readonly<Record<string, string | number>>;
}

/** What a pod runs one after the other. */
export interface Task {
  readonly steps: readonly TaskStep[];
  /** Names of the strategy's volumes. */
  readonly volumes: readonly string[];
  /** Who fetches the sources: `UID:GID`. */
  readonly sourceOwner: string;
}

/** Where a step's results are, a file each. */
export const RESULTS = '/tekton/results';
/** Where the sources are. */
export const SOURCE = '/workspace/source';

const RESULT_NAMES = [
  'shp-image-digest',
  'shp-image-size',
  'shp-image-vulnerabilities',
  'shp-error-reason',
  'shp-error-message',
];

/** Variables of the service that every pod gets: https://kubernetes.io/docs/concepts/services-networking/service/#environment-variables */
const SERVICE = {
  KUBERNETES_SERVICE_HOST: '10.96.0.1',
  KUBERNETES_SERVICE_PORT: '443',
  KUBERNETES_SERVICE_PORT_HTTPS: '443',
  KUBERNETES_PORT: 'tcp://10.96.0.1:443',
  KUBERNETES_PORT_443_TCP: 'tcp://10.96.0.1:443',
  KUBERNETES_PORT_443_TCP_PROTO: 'tcp',
  KUBERNETES_PORT_443_TCP_PORT: '443',
  KUBERNETES_PORT_443_TCP_ADDR: '10.96.0.1',
};

/**
 * What Shipwright, Tekton and kubelet together make of a build:
 * https://github.com/shipwright-io/build/blob/v0.20.13/pkg/reconciler/buildrun/resources/resource_builders.go, and v0.10.0's
 * taskrun.go for v1alpha1.
 */
export function taskOf(build: Build): Task {
  const { steps, securityContext = {}, volumes } = build.strategy;
  const values = valuesOf(build);
  const names = volumes.map((name) => substitute(name, values));
  const { runAsUser = 1000, runAsGroup = 1000 } = securityContext;
  return {
    steps: steps.map((step) => stepOf(step, build, values, names)),
    volumes: names,
    sourceOwner: `${runAsUser}:${runAsGroup}`,
  };
}

function valuesOf({ strategy, output, contextDir, builder, params = {} }: Build): Values {
  const given = Object.entries(params);
  const unknown = given.filter(([name]) => !strategy.parameters.some((parameter) => parameter.name === name));
  if (unknown.length > 0) throw new Error(`The strategy has no parameter ${unknown.map(([name]) => name).join(', ')}.`);
  const own: Record<string, string> = {
    'shp-output-image': output.image,
    'shp-output-insecure': String(output.insecure ?? false),
    'shp-source-root': SOURCE,
    'shp-source-context': posix.join(SOURCE, contextDir ?? ''),
  };
  if (strategy.apiVersion === 'shipwright.io/v1alpha1') {
    own['CONTEXT_DIR'] = contextDir ?? '.';
    if (builder !== undefined) own['BUILDER_IMAGE'] = builder;
  }
  const defaults = strategy.parameters.flatMap((parameter) => {
    const value = parameter.default ?? parameter.defaults;
    return value === undefined ? [] : [[parameter.name, value] as const];
  });
  const all = [...Object.entries(own), ...defaults, ...given];
  return new Map<string, string | readonly string[]>([
    ...all.map(([name, value]) => [`params.${name}`, value] as const),
    ...RESULT_NAMES.map((name) => [`results.${name}.path`, `${RESULTS}/${name}`] as const),
    ['workspaces.source.path', SOURCE],
  ]);
}

function stepOf(step: Step, { strategy, env = {} }: Build, values: Values, volumes: readonly string[]): TaskStep {
  const mounts = (step.volumeMounts ?? []).map(({ name, mountPath, readOnly = false }) => {
    return { name: substitute(name, values), mountPath: substitute(mountPath, values), readOnly };
  });
  const lost = mounts.find(({ name }) => !volumes.includes(name));
  if (lost !== undefined) throw new Error(`Volume for the Volume Mount "${lost.name}" is not found.`);
  const variables = variablesOf(step, env, values);
  const words = (list: readonly string[] = []): string[] =>
    substituteWords(list, values).map((word) => expand(word, variables));
  return {
    name: step.name,
    image: substitute(step.image, values),
    command: words(step.command),
    args: words(step.args),
    env: variables,
    workingDir: step.workingDir === undefined ? undefined : substitute(step.workingDir, values),
    security: { ...strategy.securityContext, ...step.securityContext },
    mounts,
    limits: step.resources?.limits ?? {},
  };
}

/** The step's own variables, then the build's; Shipwright refuses a build that has one of the step's. */
function variablesOf(step: Step, env: Readonly<Record<string, string>>, values: Values): Record<string, string> {
  const variables: Record<string, string> = { ...SERVICE };
  for (const { name, value = '' } of step.env ?? []) {
    if (name in env) throw new Error(`Environment variable "${name}" already exists in step ${step.name}.`);
    variables[name] = expand(substitute(value, values), variables);
  }
  for (const [name, value] of Object.entries(env)) variables[name] = expand(substitute(value, values), variables);
  return variables;
}
