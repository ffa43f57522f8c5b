import type { Setting } from '../../base/setting.ts';

/** A row of the build's settings: variables, and a key for projects that say it in a file. */
export interface BuildSetting<T> extends Setting<T> {
  /** What it decides, in the words of `ofn explain`. */
  readonly subject: string;
  /** The key in `[openfunction]` of func.toml and `"openfunction"` of package.json; none for what only a platform knows. */
  readonly key?: string;
}

/** What sets a row: its variables and its key. */
export function describeChange({ variables, key }: BuildSetting<unknown>): string {
  return [...variables, ...(key === undefined ? [] : [`"${key}" in func.toml or package.json`])].join(', ');
}
