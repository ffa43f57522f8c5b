import { compare, gt, parse, type SemVer } from 'semver';

/** How severe advisories are, the least first: https://docs.github.com/en/code-security/concepts/vulnerability-reporting-and-management/github-advisory-database */
export const SEVERITIES = ['low', 'moderate', 'high', 'critical'] as const;
export type Severity = (typeof SEVERITIES)[number];

/** Versions from one on, up to another. */
export interface Span {
  /** The first that is affected; `0` is before all. */
  readonly introduced: string;
  /** The first that is not affected any more. */
  readonly fixed?: string | undefined;
  /** The last that is affected, where no fix is known. */
  readonly lastAffected?: string | undefined;
}

/** What is known of some versions of a package. */
export interface Advisory {
  /** Its own name, such as GHSA-fv66-9v8q-g76r. */
  readonly id: string;
  /** Its names in other databases, such as CVE-2025-55182. */
  readonly aliases: readonly string[];
  readonly packageName: string;
  readonly severity: Severity;
  readonly summary: string;
  readonly spans: readonly Span[];
  /** Single versions that are affected as well. */
  readonly versions: readonly string[];
}

/** Whether a version of the advisory's package is affected. What is no version, such as a branch of git, is not. */
export function affects({ spans, versions }: Advisory, version: string): boolean {
  if (versions.includes(version)) return true;
  const own = versionOf(version);
  return own !== undefined && spans.some((span) => isWithin(own, span));
}

/** The next version that is not affected any more; undefined where the advisory knows none. */
export function fixOf(advisory: Advisory, version: string): string | undefined {
  const own = versionOf(version);
  const fixes = advisory.spans.flatMap(({ fixed }) => versionOf(fixed) ?? []);
  const later = fixes.filter((fix) => own !== undefined && gt(fix, own) && !affects(advisory, fix.version));
  return later.toSorted(compare)[0]?.version;
}

/** A version of events, which may have less than three numbers: `0` and `19.0` are both there in databases. */
export function versionOf(text: string | undefined): SemVer | undefined {
  if (text === undefined) return undefined;
  const [, numbers = text, rest = ''] = /^(\d+(?:\.\d+){0,2})(.*)$/.exec(text) ?? [];
  const missing = Math.max(0, 3 - numbers.split('.').length);
  return parse(`${numbers}${'.0'.repeat(missing)}${rest}`, { loose: true }) ?? undefined;
}

function isWithin(version: SemVer, { introduced, fixed, lastAffected }: Span): boolean {
  const from = versionOf(introduced);
  const end = versionOf(fixed);
  const last = versionOf(lastAffected);
  // Before all are also the first pre-releases.
  if (introduced !== '0' && (from === undefined || version.compare(from) < 0)) return false;
  if (end !== undefined && version.compare(end) >= 0) return false;
  return last === undefined || version.compare(last) <= 0;
}
