import { chmodSync } from 'node:fs';
import { execa } from 'execa';
import { makeFolder } from '../workspace.ts';
import { IMPLICIT, stepArguments } from './step-arguments.ts';
import type { Task } from './task.ts';
import { fillVolume, makeVolumes, readVolume } from './volumes.ts';

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

/** Runs a task's steps in containers one after the other, on volumes that are gone when the test ends. */
export async function runTask(
  task: Task,
  { source, images, volumes: given, credentials }: Surroundings,
): Promise<TaskRun> {
  const implicit = Object.values(IMPLICIT).map(({ name }) => name);
  const empty = await makeVolumes([...implicit, ...task.volumes.filter((name) => given?.[name] === undefined)]);
  await fillVolume(empty[IMPLICIT.source.name] ?? '', source, task.sourceOwner);
  const around = { volumes: { ...empty, ...given }, credentials: credentials && credentialsFolder(credentials) };
  let output = '';
  let failed: string | undefined;
  for (const step of task.steps) {
    const args = stepArguments(step, { image: images?.[step.image] ?? step.image, ...around });
    const { exitCode, all } = await execa('docker', args, { all: true, reject: false });
    output += `${all}\n`;
    if (exitCode === 0) continue;
    failed = step.name;
    break;
  }
  return { failed, output, results: await readVolume(empty[IMPLICIT.results.name] ?? '') };
}

/** Runs a task that has to come to its end. */
export async function completeTask(task: Task, around: Surroundings): Promise<Omit<TaskRun, 'failed'>> {
  const { failed, output, results } = await runTask(task, around);
  if (failed !== undefined) throw new Error(output);
  return { output, results };
}

function credentialsFolder(config: string): string {
  const folder = makeFolder({ '.docker/config.json': config });
  // Who builds is another user than the one who tests.
  chmodSync(folder, 0o755);
  return folder;
}
