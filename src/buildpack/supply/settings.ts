import { FnError } from '../../base/error.ts';
import { parseList, parseText, PATH, type Shape } from '../config/parse.ts';
import type { BuildSetting } from '../config/setting.ts';
import { SEVERITIES, type Severity } from './advisory.ts';

/** From which severity on an advisory fails a build; `none` only warns. */
export type AuditLevel = Severity | 'none';

const LEVELS: readonly AuditLevel[] = [...SEVERITIES, 'none'];

const IDS: Shape = {
  pattern: /^ *[A-Za-z]+-[\w.-]+ *(?:, *[A-Za-z]+-[\w.-]+ *)*$/,
  allowed: 'names of advisories, with commas between them, for example GHSA-fv66-9v8q-g76r or CVE-2025-55182',
};

const DAYS: Shape = { pattern: /^\d{1,4}$/, allowed: 'a number of days, for example 7' };

/** The settings of what is known of packages. */
export const AUDIT_SETTINGS: {
  readonly level: BuildSetting<AuditLevel>;
  readonly allowed: BuildSetting<readonly string[]>;
  readonly database: BuildSetting<string>;
  readonly minimumAge: BuildSetting<number>;
} = {
  level: {
    subject: 'vulnerable packages',
    variables: ['BP_AUDIT_LEVEL'],
    key: 'audit-level',
    help: 'from which severity on [an advisory](supply-chain.md) fails the build: `low`, `moderate`, `high`, `critical`; `none` only warns',
    fallback: 'high',
    parse: parseLevel,
  },
  allowed: {
    subject: 'advisories that are accepted',
    variables: ['BP_AUDIT_ALLOW'],
    key: 'audit-allow',
    help: 'names of advisories that are accepted, with commas between them, by any of their names (GHSA, CVE)',
    fallback: [],
    parse: (raw, source) => parseList(parseText(raw, source, IDS)),
  },
  database: {
    subject: 'database of advisories',
    variables: ['BP_AUDIT_DATABASE'],
    key: 'audit-database',
    help: 'file or folder of OSV records, absolute or relative to the app; besides service bindings of type `osv`',
    fallback: '',
    parse: (raw, source) => parseText(raw, source, PATH),
  },
  minimumAge: {
    subject: 'minimum release age',
    variables: ['BP_MINIMUM_RELEASE_AGE'],
    key: 'minimum-release-age',
    help: 'for how many days every version of the lock file must have been in [its registry](supply-chain.md#release-age)',
    fallback: 0,
    parse: (raw, source) => Number(parseText(raw, source, DAYS)),
  },
};

function parseLevel(raw: string, source: string): AuditLevel {
  const level = LEVELS.find((one) => one === raw.trim().toLowerCase());
  if (level !== undefined) return level;
  throw new FnError(`Couldn't use ${source}: "${raw}" is no severity.`, {
    code: 'OFN-CONFIG',
    hint: `Set ${source} to one of ${LEVELS.join(', ')}, or leave it out.`,
  });
}
