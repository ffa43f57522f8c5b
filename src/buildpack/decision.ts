import type { Resolved } from '../base/setting.ts';
import { describeChange, type BuildSetting } from './config/setting.ts';

/** Something a build decided, for `ofn explain` and the plan in the image. It never holds a secret. */
export interface Decision {
  /** What was decided, such as `Node.js`. */
  readonly subject: string;
  /** What came out of it, such as `24.21.0`. */
  readonly value: string;
  /** What said so: a variable, a key of a file, a file, `default`, or the reason in words. */
  readonly source: string;
  /** What would make it another: variables, keys, files. */
  readonly change: string;
  /** Only a build knows what comes out: the value is what is asked for, in words, and the source decides. */
  readonly open?: true;
}

/** The decision that a setting alone makes; `value` is its words, where its text is not enough. */
export function decisionOf<T>(setting: BuildSetting<T>, { value, source }: Resolved<T>, words?: string): Decision {
  return { subject: setting.subject, value: words ?? String(value), source, change: describeChange(setting) };
}
