import { createHash } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { createLog } from '../../../../src/base/log.ts';
import { readAppFiles } from '../../../../src/buildpack/app-files/app-files.ts';
import { findOutcome, type Outcome } from '../../../../src/buildpack/app-files/outcome.ts';
import { MOST_TEXT, MOST_UNPACKED } from '../../../../src/buildpack/app-files/text.ts';
import { outcomeDecision, tellOutcome } from '../../../../src/buildpack/app-files/words.ts';
import { makeFolder } from '../../../support/workspace.ts';

const NONE: ReadonlySet<string> = new Set();
const SECRET = 'c4nary "t0ken/\\';
/** Bytes that nothing compresses. */
const noise = (bytes: number): Buffer => createHash('shake256', { outputLength: bytes }).digest();

async function outcomeOf(made: Readonly<Record<string, string | Buffer>>): Promise<Outcome> {
  const appDir = makeFolder({ 'index.js': '' });
  const given = await readAppFiles(appDir, NONE);
  for (const [path, content] of Object.entries(made)) {
    mkdirSync(dirname(join(appDir, path)), { recursive: true });
    writeFileSync(join(appDir, path), content);
  }
  return findOutcome({ appDir, given, now: await readAppFiles(appDir, NONE), secrets: [SECRET] });
}

function toldOf(outcome: Outcome): readonly string[] {
  const lines: string[] = [];
  tellOutcome(outcome, createLog({ write: (line: string) => lines.push(line) }, { level: 'info' }));
  return lines;
}

test.each<[string, Readonly<Record<string, string | Buffer>>]>([
  ['nothing', {}],
  ['some files', { 'dist/a.js': 'a', 'dist/b.js': 'b' }],
  ['a changed file', { 'index.js': 'changed' }],
  ['more than there may be in a text', { 'a.png': noise(MOST_TEXT) }],
  ['more than there may be unpacked', { 'a.txt': 'a'.repeat(MOST_UNPACKED), 'b.txt': 'b'.repeat(MOST_UNPACKED) }],
  ['a secret', { 'dist/a.js': `const token = '${SECRET}';` }],
])('%s, as it is told', async (_, made) => {
  const outcome = await outcomeOf(made);
  expect({ kind: outcome.kind, told: toldOf(outcome), decision: outcomeDecision(outcome) }).toMatchSnapshot();
});

test('where nothing is installed there is nothing to spare', () => {
  expect(outcomeDecision(undefined)).toMatchObject({ value: 'none', source: 'nothing to install' });
});

test.each<[string, Readonly<Record<string, string | Buffer>>, string]>([
  ['as it is', { 'a.js': SECRET }, 'a.js'],
  ['as JSON has it', { 'a.json': JSON.stringify({ key: SECRET }) }, 'a.json'],
  ['as addresses have it', { 'a.js': `https://h.example/?key=${encodeURIComponent(SECRET)}` }, 'a.js'],
  ['among bytes that are no text', { 'a.bin': Buffer.concat([noise(100), Buffer.from(SECRET), noise(100)]) }, 'a.bin'],
])('a secret is found %s', async (_, made, path) => {
  expect(await outcomeOf(made)).toEqual({ kind: 'secret', path });
});
