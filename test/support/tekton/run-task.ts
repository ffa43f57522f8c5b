import { randomUUID } from 'node:crypto';
import { chmodSync, readdirSync } from 'node:fs';
import { execa } from 'execa';
import { onTestFinished } from 'vitest';
import { makeFolder } from '../workspace.ts';
import { RESULTS, SOURCE, type Task, type TaskStep } from './task.ts';

/** What a task needs from outside. */
export interface Surroundings {
  /** The folder whose content is fetched as the sources. */
  readonly source: string;
  /** Images of the engine that stand for those which steps name. */
  readonly images?: Readonly<Record<string, string>>;
  /** Volumes of the engine, or folders that are only read, for volumes of the strategy; others are empty. */
  readonly volumes?: Readonly<Record<string, string>>;
  /** The text of Docker's config.json with the credentials of the build's registries. */
  readonly credentials?: string;
}

/** How a task ended. */
export interface TaskRun {
  /** The step that failed; there was none after it. */
  readonly failed: string | undefined;
  /** What all steps printed. */
  readonly output: string;
  /** By their names. */
  readonly results: Readonly<Record<string, string>>;
}

/**
 * Volumes that are in every step's container, and the sources' own:
 * https://github.com/tektoncd/pipeline/blob/v1.15.0/pkg/pod/pod.go. What Tekton keeps its own books in isn't among them.
 */
const IMPLICIT = { '/workspace': 'workspace', '/tekton/home': 'home', [RESULTS]: 'results', [SOURCE]: 'source' };

/** Has the programs that stand for kubelet, the step that fetches sources, and the reader of results. */
const HELPER = 'openfunction/builder-node';

/** Runs a task's steps in containers one after the other, on volumes that are gone when the test ends. */
export async function runTask(task: Task, around: Surroundings): Promise<TaskRun> {
  const pod = `ofn-test-${randomUUID().slice(0, 8)}`;
  const names = [...Object.values(IMPLICIT), ...task.volumes].filter((name) => !(name in (around.volumes ?? {})));
  const volumes = Object.fromEntries(names.map((name) => [name, `${pod}-${name}`]));
  onTestFinished(async () => void (await execa('docker', ['volume', 'rm', '--force', ...Object.values(volumes)])));
  await prepare(task, volumes, around.source);
  let output = '';
  let failed: string | undefined;
  for (const step of task.steps) {
    const { exitCode, all } = await runStep(step, { ...volumes, ...around.volumes }, around);
    output += `${all}\n`;
    if (exitCode === 0) continue;
    failed = step.name;
    break;
  }
  return { failed, output, results: await readResults(volumes) };
}

/** Runs a task that has to come to its end. */
export async function completeTask(task: Task, around: Surroundings): Promise<Omit<TaskRun, 'failed'>> {
  const { failed, output, results } = await runTask(task, around);
  if (failed !== undefined) throw new Error(output);
  return { output, results };
}

/** Makes a volume that outlives tasks, as a claim is one that a group may write to; it is gone when the test ends. */
export async function makeClaim(group: number): Promise<string> {
  const volume = `ofn-test-${randomUUID().slice(0, 8)}`;
  onTestFinished(async () => void (await execa('docker', ['volume', 'rm', '--force', volume])));
  await execa('docker', inHelper({ claim: volume }, '/v', `chgrp ${group} /v/claim && chmod 2775 /v/claim`));
  return volume;
}

/** Paths of the files of a volume. */
export async function filesOf(volume: string): Promise<string[]> {
  const { stdout } = await execa('docker', inHelper({ claim: volume }, '/v', "find /v/claim -type f -printf '%P\\n'"));
  return stdout.split('\n').toSorted();
}

/** Empty volumes are root's and open to all; the sources are their fetcher's. */
async function prepare(
  { sourceOwner }: Task,
  volumes: Readonly<Record<string, string>>,
  source: string,
): Promise<void> {
  const [owner = '', group = ''] = sourceOwner.split(':');
  const who = [`--owner=${owner}`, `--group=${group}`, '--numeric-owner'];
  // The folder itself is the volume, which nobody fetched.
  const entries = readdirSync(source);
  const tar = execa('tar', ['--create', '--directory', source, ...who, '--', ...entries], { encoding: 'buffer' });
  const script = 'chmod 0777 /v/* && tar --extract --directory /v/source';
  await tar.pipe('docker', inHelper(volumes, '/v', script));
}

async function readResults(volumes: Readonly<Record<string, string>>): Promise<Record<string, string>> {
  const script = `cd /v/results && for name in *; do [ ! -e "$name" ] || printf '%s=%s\\0' "$name" "$(cat "$name")"; done`;
  const { stdout } = await execa('docker', inHelper(volumes, '/v', script));
  const entries = stdout.split('\0').filter((entry) => entry !== '');
  return Object.fromEntries(entries.map((entry) => entry.split(/=(.*)/s, 2)));
}

/** Arguments that run a script as root with all volumes below a folder, and what is given to it as its input. */
function inHelper(volumes: Readonly<Record<string, string>>, folder: string, script: string): string[] {
  const mounts = Object.entries(volumes).flatMap(([name, volume]) => mount(volume, `${folder}/${name}`));
  return ['run', '--rm', '--interactive', '--user', '0:0', ...mounts, '--entrypoint', '/bin/sh', HELPER, '-c', script];
}

async function runStep(step: TaskStep, volumes: Readonly<Record<string, string>>, around: Surroundings) {
  const mounts = [
    ...Object.entries(IMPLICIT).map(([path, name]) => ({ path, name, readOnly: false })),
    ...step.mounts.map(({ mountPath: path, name, readOnly }) => ({ path, name, readOnly })),
  ].flatMap(({ path, name, readOnly }) => mount(volumes[name] ?? '', path, readOnly));
  const image = around.images?.[step.image] ?? step.image;
  const env = Object.entries(step.env).flatMap(([name, value]) => ['--env', `${name}=${value}`]);
  const place = step.workingDir === undefined ? [] : ['--workdir', step.workingDir];
  const given = around.credentials === undefined ? { mounts: [], words: [] } : credentials(around.credentials);
  const [program = '', ...words] = [...given.words, ...step.command, ...step.args];
  const args = ['run', '--rm', '--network', 'host', ...rightsOf(step), ...limitsOf(step), ...mounts, ...given.mounts];
  const command = [...env, ...place, '--entrypoint', program, image, ...words];
  return execa('docker', [...args, ...command], { all: true, reject: false });
}

/**
 * Credentials get to the step's home with its own rights, and it starts without them when they can't:
 * https://github.com/tektoncd/pipeline/blob/v1.15.0/pkg/credentials/writer/writer.go
 */
function credentials(config: string): { mounts: string[]; words: string[] } {
  const folder = makeFolder({ '.docker/config.json': config });
  chmodSync(folder, 0o755);
  const script = `cp -R /tekton/creds/. "$HOME" || echo 'warning: unsuccessful cred copy'; exec "$@"`;
  return { mounts: mount(folder, '/tekton/creds'), words: ['/bin/sh', '-c', script, 'sh'] };
}

/** Volumes of an engine are filled from the image unless told not to; a pod's are not. */
function mount(volume: string, path: string, readOnly = false): string[] {
  const how = volume.startsWith('/') ? ['type=bind', 'readonly'] : ['type=volume', 'volume-nocopy'];
  if (readOnly) how.push('readonly');
  return ['--mount', [...new Set(how), `source=${volume}`, `target=${path}`].join(',')];
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
