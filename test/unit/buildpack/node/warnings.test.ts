import { expect, test } from 'vitest';
import { parseRequest } from '../../../../src/buildpack/node/request.ts';
import { warningsFor } from '../../../../src/buildpack/node/warnings.ts';

const TODAY = '2026-11-21';
const asked = (text: string) => ({ request: parseRequest(text, '.nvmrc'), others: [] });

test.each<[string, string, boolean]>([
  ['24.21.0', '24', false],
  ['22.23.3', '22', false],
  ['99.0.0', '99', false],
])('Node.js %s needs no warning', (version, text, isRunImages) => {
  expect(warningsFor(version, asked(text), { isRunImages, today: TODAY })).toEqual([]);
});

test('a line that gets no fixes any more', () => {
  expect(warningsFor('25.9.0', asked('25'), { isRunImages: false, today: TODAY })).toMatchInlineSnapshot(`
    [
      "Node.js 25.9.0 gets no fixes since 2026-06-01, also none of vulnerabilities. Let .nvmrc ask for a newer one, for example 26.",
    ]
  `);
  expect(warningsFor('25.9.0', asked('25'), { isRunImages: false, today: '2026-06-01' })).toEqual([]);
});

test('known vulnerabilities, in a layer and in the run image', () => {
  expect(warningsFor('22.20.0', asked('22.20.0'), { isRunImages: false, today: TODAY })).toMatchInlineSnapshot(`
    [
      "Node.js 22.20.0 has vulnerabilities that 22.23.2 of 2026-07-29 closes, among them CVE-2026-56846, CVE-2026-56848, CVE-2026-58043. Let .nvmrc ask for a newer one, for example 22.",
    ]
  `);
  expect(warningsFor('24.10.0', { request: undefined, others: [] }, { isRunImages: true, today: TODAY }))
    .toMatchInlineSnapshot(`
    [
      "Node.js 24.10.0 has vulnerabilities that 24.18.1 of 2026-07-29 closes, among them CVE-2026-56846, CVE-2026-56848, CVE-2026-58043. Use a newer builder image; "pack rebase" moves an image onto a newer run image.",
    ]
  `);
});

test('places that disagree', () => {
  const others = [parseRequest('20', '.nvmrc'), parseRequest('24', '.node-version')];
  const request = parseRequest('>=22', 'engines.node');
  expect(warningsFor('24.21.0', { request, others }, { isRunImages: true, today: TODAY })).toMatchInlineSnapshot(`
    [
      ".nvmrc asks for Node.js 20, and engines.node wins with 24.21.0. Let both say the same.",
    ]
  `);
});
