/** The environment as a plain record, such as process.env. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** One row of a settings table: where a value comes from and how it is read. */
export interface Setting<T> {
  /** Environment variables that carry it, the first one set wins. */
  readonly variables: readonly string[];
  /** The command-line flag, without dashes. */
  readonly flag?: string;
  /** One sentence for help texts and docs. */
  readonly help: string;
  /** The value when nobody sets it. */
  readonly fallback: T;
  /** An empty text is a value; without it, it counts as unset. */
  readonly emptyCounts?: boolean;
  /** Reads the raw text; throws FnError with the next act when it can't. `source` names the flag or variable. */
  readonly parse: (raw: string, source: string) => T;
}

/** A value and who set it: a flag (`--port`), a variable (`PORT`) or `default`. */
export interface Resolved<T> {
  readonly value: T;
  readonly source: string;
}

/** Reads one setting: flag, then variables in order, then the fallback. */
export function resolveSetting<T>(
  setting: Setting<T>,
  from: { readonly env: Environment; readonly flags?: Environment },
): Resolved<T> {
  const flagged = setting.flag === undefined ? undefined : from.flags?.[setting.flag];
  const isSet = (raw: string | undefined): raw is string =>
    raw !== undefined && (raw !== '' || setting.emptyCounts === true);
  if (isSet(flagged)) return { value: setting.parse(flagged, `--${setting.flag}`), source: `--${setting.flag}` };
  for (const variable of setting.variables) {
    const raw = from.env[variable];
    if (isSet(raw)) return { value: setting.parse(raw, variable), source: variable };
  }
  return { value: setting.fallback, source: 'default' };
}
