import type { Environment, Resolved } from '../../base/setting.ts';
import type { Declaration } from './declaration.ts';
import { readLabels, type Labels } from './labels.ts';
import type { BuildSetting } from './setting.ts';
import type { Variables } from './variables.ts';

/** Everything that can configure a build, in one order: docs/build.md, "What to build". */
export interface Sources {
  /** The variables of the build, also for what runs in it. */
  readonly env: Environment;
  /** The labels that the user wants on the image; those of variables win. */
  readonly labels: Labels;
  /** The value of a row and who says it: the variable that decides, the first file with the key, the fallback. */
  readonly read: <T>(setting: BuildSetting<T>) => Resolved<T>;
}

/** Reads rows out of variables, and then out of what the project's files declare. */
export function createSources(variables: Variables, declarations: readonly Declaration[]): Sources {
  const read = <T>(setting: BuildSetting<T>): Resolved<T> => {
    const { parse, fallback } = setting;
    const name = variables.deciding(setting);
    if (name !== undefined) {
      const source = variables.sourceOf(name);
      return { value: parse(variables.env[name] ?? '', source), source };
    }
    for (const { file, values } of declarations) {
      const raw = setting.key === undefined ? undefined : values.get(setting.key);
      if (raw === undefined) continue;
      const source = `"${setting.key}" in ${file}`;
      return { value: parse(raw, source), source };
    }
    return { value: fallback, source: 'default' };
  };
  const labels = Object.assign({}, ...declarations.toReversed().map((file) => file.labels), readLabels(variables.env));
  return { env: variables.env, labels, read };
}
