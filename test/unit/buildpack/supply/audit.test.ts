import { symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { createLog } from '../../../../src/base/log.ts';
import { createSources } from '../../../../src/buildpack/config/sources.ts';
import { collectVariables } from '../../../../src/buildpack/config/variables.ts';
import { billOf, purlOf, type Bill, type Component } from '../../../../src/buildpack/sbom/bill.ts';
import { openAudit } from '../../../../src/buildpack/supply/audit.ts';
import { json } from '../../../support/shape.ts';
import { makeFolder } from '../../../support/workspace.ts';

const component = (name: string, version: string, dependsOn: readonly string[] = []): Component => ({
  purl: purlOf(name, version),
  kind: 'library',
  name,
  version,
  scope: 'production',
  license: undefined,
  integrity: undefined,
  source: undefined,
  places: [],
  dependsOn,
});

const A = component('a', '1.0.0', [purlOf('@s/b', '1.0.0')]);
const B = component('@s/b', '1.0.0', [purlOf('c', '1.0.0')]);
const C = component('c', '1.0.0', [A.purl]);
const bill = (...components: Component[]): Bill =>
  billOf({ name: 'app', version: undefined, license: undefined, dependsOn: [A.purl] }, components);

const record = (id: string, name: string, severity: string, fixed?: string): object => ({
  id,
  modified: '2026-11-01T00:00:00Z',
  aliases: [`CVE-${id}`],
  summary: `${name} is wrong`,
  database_specific: { severity },
  affected: [
    {
      package: { ecosystem: 'npm', name },
      ranges: [{ type: 'SEMVER', events: [{ introduced: '0' }, ...(fixed === undefined ? [] : [{ fixed }])] }],
    },
  ],
});

const RECORDS = {
  'osv/high/C-1.json': json(record('C-1', 'c', 'HIGH', '1.0.1')),
  'osv/more.json': JSON.stringify([record('B-1', '@s/b', 'LOW'), record('X-1', 'other', 'HIGH')]),
};

/** Audits bills one after the other, and gives what was printed and how it failed. */
async function audit(env: Readonly<Record<string, string>>, files: Readonly<Record<string, string>>, ...bills: Bill[]) {
  return auditIn(makeFolder(files), env, ...bills);
}

async function auditIn(folder: string, env: Readonly<Record<string, string>>, ...bills: Bill[]) {
  const context = { appDir: folder, platformDir: join(folder, 'platform'), env: {} };
  const lines: string[] = [];
  const log = createLog({ write: (line) => lines.push(line) });
  const sources = createSources(collectVariables(env), []);
  try {
    const opened = await openAudit({ context, sources, log });
    for (const one of bills) await opened.check(one);
    return { lines: lines.join('').replaceAll(folder, '<app>'), failure: undefined };
  } catch (error) {
    return { lines: lines.join('').replaceAll(folder, '<app>'), failure: error };
  }
}

const FROM_FOLDER = { BP_AUDIT_DATABASE: 'osv' };

test('refuses what is severe enough, warns of the rest, and tells who depends on it', async () => {
  const { lines, failure } = await audit(FROM_FOLDER, RECORDS, bill(A, B, C));
  expect(lines).toMatchInlineSnapshot(`
    "Audit: BP_AUDIT_DATABASE has 3 advisories, the newest of 2026-11-01
    WARNING: @s/b 1.0.0: B-1 (CVE-B-1), low: @s/b is wrong; no fix is known, needed by a
    "
  `);
  expect(failure).toMatchInlineSnapshot(`
    [FnError: Couldn't build with a package that is known to be vulnerable.

      c 1.0.0: C-1 (CVE-C-1), high: c is wrong; fixed in 1.0.1, needed by a > @s/b]
  `);
});

test('what is accepted is passed over, by any of its names', async () => {
  const accepted = { ...FROM_FOLDER, BP_AUDIT_ALLOW: 'cve-c-1, B-1' };
  const { lines, failure } = await audit(accepted, RECORDS, bill(A, B, C));
  expect(failure).toBeUndefined();
  expect(lines).toBe('Audit: BP_AUDIT_DATABASE has 3 advisories, the newest of 2026-11-01\n');
});

test.each([
  ['low', 2, 0],
  ['high', 1, 1],
  ['critical', 0, 2],
  ['none', 0, 2],
])('from "%s" on, %i are refused and %i warned of', async (level, refused, warned) => {
  const { lines, failure } = await audit({ ...FROM_FOLDER, BP_AUDIT_LEVEL: level }, RECORDS, bill(A, B, C));
  expect(lines.match(/WARNING/g) ?? []).toHaveLength(warned);
  expect(String(failure).match(/-1 \(/g) ?? []).toHaveLength(refused);
});

test('a service binding gives records, and each package is looked at once', async () => {
  const files = {
    'platform/bindings/advisories/type': 'OSV',
    'platform/bindings/advisories/records/C-1.json': json(record('C-1', 'c', 'LOW')),
  };
  const { lines } = await audit({}, files, bill(A), bill(A, B, C), bill(C));
  expect(lines).toMatchInlineSnapshot(`
    "Audit: the service binding "advisories" has an advisory, the newest of 2026-11-01
    Audit: the service binding "advisories" has an advisory, the newest of 2026-11-01
    WARNING: c 1.0.0: C-1 (CVE-C-1), low: c is wrong; no fix is known, needed by a > @s/b
    "
  `);
});

test('folders count whatever their names, and what links lead to, once each', async () => {
  const elsewhere = makeFolder({ 'all/C-1.json': json(record('C-1', 'c', 'LOW')) });
  const folder = makeFolder({ 'osv/.hidden/B-1.json': json(record('B-1', '@s/b', 'LOW')) });
  symlinkSync(join(elsewhere, 'all'), join(folder, 'osv/linked'));
  symlinkSync('.hidden', join(folder, 'osv/again'));
  symlinkSync('..', join(folder, 'osv/.hidden/up'));
  const { lines } = await auditIn(folder, FROM_FOLDER, bill(A, B, C));
  expect(lines).toContain('Audit: BP_AUDIT_DATABASE has 2 advisories');
  expect(lines).toContain('WARNING: c 1.0.0: C-1');
  expect(lines).toContain('WARNING: @s/b 1.0.0: B-1');
  symlinkSync('nowhere.json', join(folder, 'osv/gone.json'));
  expect((await auditIn(folder, FROM_FOLDER, bill(A))).failure).toMatchObject({ code: 'OFN-CONFIG' });
});

test('a summary is one line, whatever is in it', async () => {
  const one = { ...record('C-1', 'c', 'LOW'), summary: 'first\nERROR second\r\u001B[31m third ' };
  const { lines } = await audit(FROM_FOLDER, { 'osv/a.json': json(one) }, bill(A, B, C));
  expect(lines).toContain('low: first ERROR second [31m third; no fix is known');
});

test('what every build knows is refused without a database', async () => {
  const { failure } = await audit({}, {}, bill(component('react-server-dom-webpack', '19.1.0')));
  expect(failure).toMatchInlineSnapshot(`
    [FnError: Couldn't build with a package that is known to be vulnerable.

      react-server-dom-webpack 19.1.0: GHSA-fv66-9v8q-g76r (CVE-2025-55182), critical: React Server Components run code out of requests; fixed in 19.1.2]
  `);
});

test.each([
  ['is not there', {}],
  ['has no record', { 'osv/readme.txt': '' }],
  ['is no JSON', { 'osv/a.json': '{' }],
  ['has something else', { 'osv/a.json': '{"lockfileVersion": 3}' }],
])('a database that %s is an error', async (_, files) => {
  expect((await audit(FROM_FOLDER, files, bill(A))).failure).toMatchObject({ code: 'OFN-CONFIG' });
});

test.each([
  ['BP_AUDIT_LEVEL', 'severe'],
  ['BP_AUDIT_ALLOW', 'what ever'],
])('%s=%s is refused', async (name, value) => {
  expect((await audit({ [name]: value, ...FROM_FOLDER }, RECORDS, bill(A))).failure).toMatchObject({
    code: 'OFN-CONFIG',
  });
});
