import { isTable, type Table } from '../../base/table.ts';
import { SEVERITIES, versionOf, type Advisory, type Severity, type Span } from './advisory.ts';

/** An event in the life of a vulnerability, of one range. */
interface Event {
  readonly kind: 'introduced' | 'fixed' | 'last_affected';
  readonly version: string;
}

const EVENTS = ['introduced', 'fixed', 'last_affected'] as const;

/** A record of a database. */
export interface OsvRecord {
  /** One for each package of npm; none where it was withdrawn, or is of other ecosystems. */
  readonly advisories: readonly Advisory[];
  /** The day of its last change, as in 2026-11-21. */
  readonly modified: string;
}

/** Reads a record: https://ossf.github.io/osv-schema/. Undefined when it is none. */
export function readRecord(record: unknown): OsvRecord | undefined {
  if (!isTable(record)) return undefined;
  const { id, modified, withdrawn } = record;
  if (typeof id !== 'string' || typeof modified !== 'string') return undefined;
  return { advisories: withdrawn === undefined ? advisoriesOf(id, record) : [], modified: modified.slice(0, 10) };
}

function advisoriesOf(id: string, record: Table): Advisory[] {
  const ofNpm = tablesOf(record['affected']).filter((entry) => tableAt(entry, 'package')['ecosystem'] === 'npm');
  const names = new Set(ofNpm.map((entry) => String(tableAt(entry, 'package')['name'])));
  return [...names].map((packageName) => {
    const entries = ofNpm.filter((entry) => tableAt(entry, 'package')['name'] === packageName);
    return {
      id,
      aliases: textsOf(record['aliases']),
      packageName,
      severity: severityOf(record),
      summary: typeof record['summary'] === 'string' ? lineOf(record['summary']) : '',
      spans: entries.flatMap((entry) => tablesOf(entry['ranges']).flatMap(spansOf)),
      versions: entries.flatMap((entry) => textsOf(entry['versions'])),
    };
  });
}

/** Logs have a line for each finding, and a terminal is not told what to do. */
function lineOf(text: string): string {
  return text.replaceAll(/[\s\p{Cc}]+/gu, ' ').trim();
}

/** What says nothing of its severity counts as critical: malicious packages have none. */
function severityOf(record: Table): Severity {
  const said = String(tableAt(record, 'database_specific')['severity']).toLowerCase();
  return SEVERITIES.find((one) => one === said) ?? 'critical';
}

/** Events say where versions begin and cease to be affected, in any order; ranges of commits say nothing of versions. */
function spansOf(range: Table): Span[] {
  if (range['type'] === 'GIT') return [];
  const spans: Span[] = [];
  for (const { kind, version } of eventsOf(range)) {
    const open = spans.at(-1);
    if (kind === 'introduced') {
      if (open === undefined || isClosed(open)) spans.push({ introduced: version });
    } else if (open !== undefined && !isClosed(open)) {
      spans[spans.length - 1] = { ...open, [kind === 'fixed' ? 'fixed' : 'lastAffected']: version };
    }
  }
  return spans;
}

function isClosed({ fixed, lastAffected }: Span): boolean {
  return fixed !== undefined || lastAffected !== undefined;
}

function eventsOf(range: Table): Event[] {
  const events = tablesOf(range['events']).flatMap((event) =>
    EVENTS.flatMap((kind) => {
      const version = event[kind];
      return typeof version === 'string' && versionOf(version) !== undefined ? [{ kind, version }] : [];
    }),
  );
  return events.toSorted((a, b) => Number(a.version !== '0') - Number(b.version !== '0') || order(a, b));
}

function order(a: Event, b: Event): number {
  const other = versionOf(b.version);
  return other === undefined ? 0 : (versionOf(a.version)?.compare(other) ?? 0);
}

function tablesOf(value: unknown): Table[] {
  return Array.isArray(value) ? value.filter(isTable) : [];
}

function textsOf(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((one) => typeof one === 'string') : [];
}

function tableAt(table: Table, key: string): Table {
  const value = table[key];
  return isTable(value) ? value : {};
}
