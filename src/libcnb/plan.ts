import { fileError } from './text-file.ts';
import { isTable } from '../base/table.ts';
import { readToml, type TomlTable } from './toml-file.ts';

/** A dependency asked for, with free metadata. */
export interface Requirement {
  readonly name: string;
  readonly metadata?: TomlTable;
}

/** What bin/detect contributes: https://github.com/buildpacks/spec/blob/main/buildpack.md#build-plan-toml */
export interface BuildPlan {
  readonly provides?: readonly string[];
  readonly requires?: readonly Requirement[];
  /** Alternatives, tried in order when the plan above does not resolve. */
  readonly or?: readonly Omit<BuildPlan, 'or'>[];
}

/** An entry of the plan bin/build gets: https://github.com/buildpacks/spec/blob/main/buildpack.md#buildpack-plan-toml */
export interface PlanEntry {
  readonly name: string;
  readonly metadata: Readonly<Record<string, unknown>>;
}

/** The build plan as its TOML table. */
export function encodeBuildPlan(plan: BuildPlan): TomlTable {
  return {
    provides: plan.provides?.map((name) => ({ name })),
    requires: plan.requires?.map(({ name, metadata }) => ({ name, metadata })),
    or: plan.or?.map(encodeBuildPlan),
  };
}

/** Reads the buildpack plan. */
export async function readBuildpackPlan(path: string): Promise<readonly PlanEntry[]> {
  const entries = (await readToml(path))['entries'] ?? [];
  if (!Array.isArray(entries)) throw fileError('read', path, '"entries" is not a list');
  return entries.map((entry: unknown) => {
    if (!isTable(entry) || typeof entry['name'] !== 'string') throw fileError('read', path, 'an entry has no name');
    return { name: entry['name'], metadata: isTable(entry['metadata']) ? entry['metadata'] : {} };
  });
}
