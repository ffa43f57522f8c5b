import { resolve } from 'node:path';
import type { Log } from '../../base/log.ts';
import { readBindings } from '../../libcnb/binding.ts';
import type { BuildContext } from '../../libcnb/context.ts';
import type { Sources } from '../config/sources.ts';
import type { Bill, Component } from '../sbom/bill.ts';
import { SEVERITIES, type Advisory, type Severity } from './advisory.ts';
import { askDatabase, type Database } from './database.ts';
import { findIn, type Finding } from './findings.ts';
import { KNOWN } from './known.ts';
import { describeFinding, refusal } from './report.ts';
import { AUDIT_SETTINGS } from './settings.ts';

/** The type of service bindings whose files are records of advisories. */
export const ADVISORIES_TYPE = 'osv';

/** What compares packages with what is known of them. */
export interface Audit {
  /** Whether there can be anything to say of the packages that a text, such as a lock file, names. */
  mayConcern(text: string): boolean;
  /** Looks at the packages of a bill that it has not seen before. OFN-DEPS-VULNERABLE when one of them is refused. */
  check(bill: Bill): Promise<void>;
}

/** What an audit needs to know. */
export interface AuditRequest {
  readonly context: Pick<BuildContext, 'appDir' | 'platformDir' | 'env'>;
  readonly sources: Sources;
  readonly log: Log;
}

/** The audit of a build, by what it knows itself and by the databases that were brought along; it asks no network. */
export async function openAudit({ context, sources, log }: AuditRequest): Promise<Audit> {
  const databases = await findDatabases(context, sources);
  const policy = readPolicy(sources);
  const seen = new Set<string>();
  return {
    mayConcern: (text) =>
      databases.length > 0 || KNOWN.advisories.some(({ packageName }) => text.includes(packageName)),
    check: async (bill) => {
      const fresh = bill.components.filter((component) => !seen.has(component.purl) && !isOwn(component));
      for (const { purl } of fresh) seen.add(purl);
      if (fresh.length === 0) return;
      const advisories = [...KNOWN.advisories];
      for (const database of databases) advisories.push(...(await ask(database, fresh, log)));
      judge(findIn(bill, fresh, advisories), policy, log);
    },
  };
}

/** A folder of the app itself, such as a workspace: nobody has published it. */
function isOwn({ places }: Component): boolean {
  return places.length > 0 && places.every((place) => !place.includes('node_modules/'));
}

async function findDatabases(
  { appDir, platformDir, env }: AuditRequest['context'],
  sources: Sources,
): Promise<readonly Database[]> {
  const { value, source } = sources.read(AUDIT_SETTINGS.database);
  const bindings = (await readBindings(platformDir, env)).filter(({ type }) => type === ADVISORIES_TYPE);
  return [
    ...(value === '' ? [] : [{ source, paths: [resolve(appDir, value)] }]),
    ...bindings.map(({ name, entries }) => ({ source: `the service binding "${name}"`, paths: [...entries.values()] })),
  ];
}

async function ask(database: Database, components: readonly Component[], log: Log): Promise<readonly Advisory[]> {
  const answer = await askDatabase(database, new Set(components.map(({ name }) => name)));
  const { advisories, newest, records } = answer;
  const has = records === 1 ? 'an advisory' : `${records} advisories`;
  log.info(`Audit: ${database.source} has ${has}, the newest of ${newest}`);
  return advisories;
}

/** What a project refuses. */
interface Policy {
  /** The severities that fail a build. */
  readonly refused: ReadonlySet<Severity>;
  isAccepted(advisory: Advisory): boolean;
}

function readPolicy(sources: Sources): Policy {
  const level = sources.read(AUDIT_SETTINGS.level).value;
  const accepted = new Set(sources.read(AUDIT_SETTINGS.allowed).value.map((name) => name.toUpperCase()));
  return {
    refused: new Set(level === 'none' ? [] : SEVERITIES.slice(SEVERITIES.indexOf(level))),
    isAccepted: ({ id, aliases }) => [id, ...aliases].some((name) => accepted.has(name.toUpperCase())),
  };
}

/** Fails for what is as severe as the project wants, and warns of the rest; what is accepted is passed over. */
function judge(findings: readonly Finding[], policy: Policy, log: Log): void {
  const left = findings.filter(({ advisory }) => !policy.isAccepted(advisory));
  const [refused = [], others = []] = [true, false].map((wanted) =>
    left.filter(({ advisory }) => policy.refused.has(advisory.severity) === wanted),
  );
  for (const finding of others) log.warn(describeFinding(finding));
  if (refused.length > 0) throw refusal(refused);
}
