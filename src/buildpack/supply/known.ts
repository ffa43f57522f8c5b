import type { Advisory, Span } from './advisory.ts';

/** The few advisories that a build knows by itself, and from where. */
interface KnownAdvisories {
  /** The day on which the table was last compared with its sources. */
  readonly checked: string;
  /** What is listed: packages of npm that take code from a stranger's request as they are set up by default. */
  readonly sources: Readonly<Record<'exploited' | 'react' | 'next', string>>;
  readonly advisories: readonly Advisory[];
}

const REACT_TO_SHELL = 'CVE-2025-55182';

const REACT_SPANS: readonly Span[] = [
  { introduced: '19.0.0', fixed: '19.0.1' },
  { introduced: '19.1.0', fixed: '19.1.2' },
  { introduced: '19.2.0', fixed: '19.2.1' },
];

const REACT_PACKAGES = ['react-server-dom-parcel', 'react-server-dom-turbopack', 'react-server-dom-webpack'];

/** Known to be exploited, so refused without any database. */
export const KNOWN: KnownAdvisories = {
  checked: '2026-11-21',
  sources: {
    exploited: 'https://www.cisa.gov/known-exploited-vulnerabilities-catalog',
    react: 'https://github.com/facebook/react/security/advisories/GHSA-fv66-9v8q-g76r',
    next: 'https://github.com/vercel/next.js/security/advisories/GHSA-9qr9-h5gf-34mp',
  },
  advisories: [
    ...REACT_PACKAGES.map((packageName) => ({
      id: 'GHSA-fv66-9v8q-g76r',
      aliases: [REACT_TO_SHELL],
      packageName,
      severity: 'critical' as const,
      summary: 'React Server Components run code out of requests',
      spans: REACT_SPANS,
      versions: [],
    })),
    {
      id: 'GHSA-9qr9-h5gf-34mp',
      aliases: ['CVE-2025-66478', REACT_TO_SHELL],
      packageName: 'next',
      severity: 'critical',
      summary: 'Next.js runs code out of requests, by React Server Components',
      spans: [
        { introduced: '14.3.0-canary.77', fixed: '15.0.5' },
        { introduced: '15.1.0-canary.0', fixed: '15.1.9' },
        { introduced: '15.2.0-canary.0', fixed: '15.2.6' },
        { introduced: '15.3.0-canary.0', fixed: '15.3.6' },
        { introduced: '15.4.0-canary.0', fixed: '15.4.8' },
        { introduced: '15.5.0-canary.0', fixed: '15.5.7' },
        { introduced: '15.6.0-canary.0', fixed: '15.6.0-canary.58' },
        { introduced: '16.0.0-canary.0', fixed: '16.0.7' },
        { introduced: '16.1.0-canary.0', fixed: '16.1.0-canary.12' },
      ],
      versions: [],
    },
  ],
};
