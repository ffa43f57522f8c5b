/** A release line of Node.js. */
export interface ReleaseLine {
  readonly major: number;
  /** The name of a line with long-term support, as `lts/<name>` has it. */
  readonly codename?: string;
  /** The day after which it gets no fixes any more. */
  readonly end: string;
  /** Its newest release that closed vulnerabilities, for lines that serve functions. */
  readonly secured?: { readonly version: string; readonly date: string; readonly fixed: readonly string[] };
}

const JULY_2026 = ['CVE-2026-56848', 'CVE-2026-58043', 'CVE-2026-56850', 'CVE-2026-58040', 'CVE-2026-58042'];

/** What is known of the releases of Node.js, and from where. */
export const RELEASES: {
  /** The day on which the table was last compared with its sources. */
  readonly checked: string;
  readonly sources: Readonly<Record<'schedule' | 'codenames' | 'vulnerabilities', string>>;
  /** The oldest first. */
  readonly lines: readonly ReleaseLine[];
} = {
  checked: '2026-11-21',
  sources: {
    // As of 2026-07-02.
    schedule: 'https://github.com/nodejs/Release/blob/e4bf922d83b877a116763e2f83d2d9b6701871f9/schedule.json',
    codenames: 'https://github.com/nodejs/Release/blob/e4bf922d83b877a116763e2f83d2d9b6701871f9/CODENAMES.md',
    // "This is a security release" in the changelogs of 22.23.3, 23.11.1, 24.21.0, 25.9.0 and 26.10.0.
    vulnerabilities: 'https://nodejs.org/en/blog/vulnerability',
  },
  lines: [
    { major: 4, codename: 'argon', end: '2018-04-30' },
    { major: 6, codename: 'boron', end: '2019-04-30' },
    { major: 8, codename: 'carbon', end: '2019-12-31' },
    { major: 10, codename: 'dubnium', end: '2021-04-30' },
    { major: 12, codename: 'erbium', end: '2022-04-30' },
    { major: 14, codename: 'fermium', end: '2023-04-30' },
    { major: 16, codename: 'gallium', end: '2023-09-11' },
    { major: 17, end: '2022-06-01' },
    { major: 18, codename: 'hydrogen', end: '2025-04-30' },
    { major: 19, end: '2023-06-01' },
    { major: 20, codename: 'iron', end: '2026-04-30' },
    { major: 21, end: '2024-06-01' },
    {
      major: 22,
      codename: 'jod',
      end: '2027-04-30',
      secured: { version: '22.23.2', date: '2026-07-29', fixed: ['CVE-2026-56846', ...JULY_2026] },
    },
    {
      major: 23,
      end: '2025-06-01',
      secured: { version: '23.11.1', date: '2025-05-14', fixed: ['CVE-2025-23166'] },
    },
    {
      major: 24,
      codename: 'krypton',
      end: '2028-04-30',
      secured: { version: '24.18.1', date: '2026-07-29', fixed: ['CVE-2026-56846', ...JULY_2026] },
    },
    {
      major: 25,
      end: '2026-06-01',
      secured: { version: '25.8.2', date: '2026-03-24', fixed: ['CVE-2026-21637', 'CVE-2026-21710'] },
    },
    {
      major: 26,
      codename: 'lithium',
      end: '2029-04-30',
      secured: { version: '26.5.1', date: '2026-07-29', fixed: JULY_2026 },
    },
  ],
};

/** The line of a version, when the table has it. */
export function lineOf(version: string): ReleaseLine | undefined {
  const major = Number(version.split('.')[0]);
  return RELEASES.lines.find((line) => line.major === major);
}

/** The lines with long-term support, the newest first. */
export function supportedLines(): readonly (ReleaseLine & { readonly codename: string })[] {
  return RELEASES.lines
    .filter((line): line is ReleaseLine & { codename: string } => line.codename !== undefined)
    .toReversed();
}
