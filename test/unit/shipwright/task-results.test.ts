import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { FnError } from '../../../src/base/error.ts';
import { tellTask } from '../../../src/shipwright/task-results.ts';
import { makeFolder } from '../../support/workspace.ts';

const failure = (text: string): FnError =>
  new FnError(`Couldn't build: ${text}`, { code: 'OFN-BUILD-SCRIPT', hint: 'Read it.' });

/** What is left in a folder of results, which has `files` already. */
async function tell(error: unknown, files: Readonly<Record<string, string>> = {}) {
  const folder = makeFolder(files);
  await tellTask(error, folder);
  const names = readdirSync(folder).filter((name) => name.startsWith('shp-error-'));
  return Object.fromEntries(names.map((name) => [name, readFileSync(join(folder, name), 'utf8')]));
}

/** What Tekton's entrypoint writes at the end of a step, by Go's encoding/json. */
function terminationMessage(results: Readonly<Record<string, string>>): string {
  const own = { key: 'StartedAt', value: '2026-11-21T20:29:20.123Z', type: 3 };
  const all = [...Object.entries(results).map(([key, value]) => ({ key, value, type: 1 })), own];
  return JSON.stringify(all).replaceAll(/[<>&]/g, '\\u003c');
}

test('a failure leaves its code as reason, and what to do in the message', async () => {
  expect(await tell(failure('no.'))).toEqual({
    'shp-error-reason': 'OFN-BUILD-SCRIPT',
    'shp-error-message': "Couldn't build: no.\n\nRead it.",
  });
});

test('a fault of ours has a code too', async () => {
  expect(await tell(new TypeError('x is not a function'))).toEqual({
    'shp-error-reason': 'OFN-INTERNAL',
    'shp-error-message': expect.stringMatching(/^x is not a function\n\n.*report/),
  });
});

test('the last failure is the one that counts', async () => {
  const before = {
    'shp-error-reason': 'OFN-CONFIG',
    'shp-error-message': 'Longer than what comes after it. '.repeat(9),
  };
  expect(await tell(failure('no.'), before)).toMatchObject({ 'shp-error-reason': 'OFN-BUILD-SCRIPT' });
});

test.each([
  { what: 'many bytes a letter', text: '"é\n'.repeat(5000) },
  { what: 'six bytes a letter, as Go writes markup', text: '<p>&</p>\n'.repeat(2000) },
  { what: 'surrogates', text: '😀'.repeat(5000) },
])('a long message keeps its beginning and its hint: $what', async ({ text }) => {
  const source = {
    'shp-source-default-commit-sha': 'a'.repeat(40),
    'shp-source-default-commit-author': '<'.repeat(100),
  };
  const results = await tell(failure(text), source);
  expect(results['shp-error-message']).toMatch(/^Couldn't build:[^]*\[\.\.\.\][^]*Read it\.$/);
  // A pod may say 12 KiB, and this one has eight containers.
  expect(Buffer.byteLength(terminationMessage({ ...source, ...results }))).toBeLessThanOrEqual((12 * 1024) / 8);
});

test('where there is no task, and where nothing can be written, nothing happens', async () => {
  await tellTask(failure('no.'), '/nowhere');
  const folder = makeFolder({ 'shp-error-message/in-the-way': '' });
  await tellTask(failure('no.'), folder);
  expect(existsSync(join(folder, 'shp-error-reason'))).toBe(false);
});
