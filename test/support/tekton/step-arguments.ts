import { mount } from './volumes.ts';
import { RESULTS, SOURCE, type TaskStep } from './task.ts';

/**
 * Volumes that are in every step's container, and the sources' own:
 * https://github.com/tektoncd/pipeline/blob/v1.15.0/pkg/pod/pod.go. What Tekton keeps its own books in isn't among them.
 */
export const IMPLICIT = {
  workspace: { name: 'tekton-internal-workspace', path: '/workspace' },
  home: { name: 'tekton-internal-home', path: '/tekton/home' },
  results: { name: 'tekton-internal-results', path: RESULTS },
  source: { name: 'tekton-internal-source', path: SOURCE },
} as const;

/** What stands for what a step names. */
export interface Given {
  readonly image: string;
  /** Volumes of the engine, or folders, by the names of the task's volumes. */
  readonly volumes: Readonly<Record<string, string>>;
  /** The folder with the credentials of the build. */
  readonly credentials: string | undefined;
}

/**
 * Credentials get to the step's home with its own rights, and it starts without them when they can't:
 * https://github.com/tektoncd/pipeline/blob/v1.15.0/pkg/credentials/writer/writer.go
 */
const COPY_CREDENTIALS = `cp -R /tekton/creds/. "$HOME" || echo 'warning: unsuccessful cred copy'; exec "$@"`;

/** The arguments of `docker` that run a step as its pod would, in the machine's network. */
export function stepArguments(step: TaskStep, { image, volumes, credentials }: Given): string[] {
  const own = new Set(step.mounts.map(({ mountPath }) => mountPath));
  const mounts = [
    ...Object.values(IMPLICIT).flatMap(({ name, path }) => (own.has(path) ? [] : mount(volumes[name] ?? '', path))),
    ...step.mounts.flatMap(({ name, mountPath, readOnly }) => mount(volumes[name] ?? '', mountPath, readOnly)),
    ...(credentials === undefined ? [] : mount(credentials, '/tekton/creds')),
  ];
  const env = Object.entries(step.env).flatMap(([name, value]) => ['--env', `${name}=${value}`]);
  const place = step.workingDir === undefined ? [] : ['--workdir', step.workingDir];
  const first = credentials === undefined ? [] : ['/bin/sh', '-c', COPY_CREDENTIALS, 'sh'];
  const [program = '', ...words] = [...first, ...step.command, ...step.args];
  const how = ['run', '--rm', '--network', 'host', ...rightsOf(step), ...limitsOf(step), ...mounts, ...env, ...place];
  return [...how, '--entrypoint', program, image, ...words];
}

function rightsOf({ name, security }: TaskStep): string[] {
  const { runAsUser, runAsGroup, runAsNonRoot, privileged, capabilities = {} } = security;
  if (runAsNonRoot === true && !runAsUser) throw new Error(`kubelet does not start ${name}: it may not be root.`);
  const user = [runAsUser, runAsGroup].filter((id) => id !== undefined).join(':');
  const args = runAsUser === undefined ? [] : ['--user', user];
  if (privileged === true) args.push('--privileged');
  if (security.allowPrivilegeEscalation === false) args.push('--security-opt', 'no-new-privileges');
  if (security.readOnlyRootFilesystem === true) args.push('--read-only');
  // Without a profile Kubernetes confines nothing, and Docker does.
  if (security.seccompProfile === undefined && privileged !== true) args.push('--security-opt', 'seccomp=unconfined');
  for (const capability of capabilities.drop ?? []) args.push('--cap-drop', capability);
  for (const capability of capabilities.add ?? []) args.push('--cap-add', capability);
  return args;
}

/** Quantities of Kubernetes as Docker writes them; limits of processors only take time. */
function limitsOf({ limits }: TaskStep): string[] {
  const memory = limits['memory'];
  if (memory === undefined) return [];
  const amount = /^(\d+)([KMG])i$/.exec(String(memory));
  if (amount === null) throw new Error(`Couldn't read the quantity ${memory}.`);
  const bytes = `${amount[1]}${amount[2]?.toLowerCase()}`;
  return ['--memory', bytes, '--memory-swap', bytes];
}
