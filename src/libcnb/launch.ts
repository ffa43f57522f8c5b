import { join } from 'node:path';
import { FnError } from '../base/error.ts';
import { writeToml, type TomlTable } from './toml-file.ts';

/** A process of the image: https://github.com/buildpacks/spec/blob/main/buildpack.md#launchtoml-toml */
export interface Process {
  /** Letters, digits, `.`, `_` and `-`. */
  readonly type: string;
  /** The program and the arguments that a user can't replace. */
  readonly command: readonly [string, ...string[]];
  /** Arguments that a user's own replace. */
  readonly args?: readonly string[];
  /** Whether the image starts it; one process at most. */
  readonly isDefault?: boolean;
  readonly workingDir?: string;
}

/** What bin/build says of the image. */
export interface Launch {
  readonly labels?: Readonly<Record<string, string>>;
  readonly processes?: readonly Process[];
  /** Globs of app files, each list a layer of its own. */
  readonly slices?: readonly (readonly string[])[];
}

/** launch.toml as its TOML table; OFN-CNB-LAUNCH when a process is not as the spec wants it. */
export function encodeLaunch(launch: Launch): TomlTable {
  const processes = launch.processes ?? [];
  for (const { type } of processes) if (!/^[A-Za-z0-9._-]+$/.test(type)) throw invalid(`"${type}" is no process type`);
  if (new Set(processes.map(({ type }) => type)).size < processes.length) throw invalid('two processes have one type');
  if (processes.filter(({ isDefault }) => isDefault).length > 1) throw invalid('two processes are the default');
  return {
    labels: Object.entries(launch.labels ?? {}).map(([key, value]) => ({ key, value })),
    processes: processes.map((process) => ({
      type: process.type,
      command: process.command,
      args: process.args,
      default: process.isDefault,
      'working-dir': process.workingDir,
    })),
    slices: (launch.slices ?? []).map((paths) => ({ paths })),
  };
}

/** Writes `<layers>/launch.toml`. */
export async function writeLaunch(layersDir: string, launch: Launch): Promise<void> {
  await writeToml(join(layersDir, 'launch.toml'), encodeLaunch(launch));
}

function invalid(fault: string): FnError {
  return new FnError(`Couldn't write launch.toml: ${fault}.`, {
    code: 'OFN-CNB-LAUNCH',
    hint: 'Process types are made of letters, digits, ".", "_" and "-", each once, and one of them may be the default.',
  });
}
