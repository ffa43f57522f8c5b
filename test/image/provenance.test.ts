import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { buildImage, copyOfSample } from '../support/image.ts';

test('a build without an engine says what its image was made from, and so does the next in the same words', async () => {
  const source = copyOfSample('disk-usage');
  const build = async (...args: readonly string[]) => {
    const file = join(source, 'provenance.json');
    const { digest } = await buildImage('none', source, 'ofn-test-provenance', '--provenance', file, ...args);
    return { digest, text: readFileSync(file, 'utf8') };
  };
  const { digest, text } = await build('--clear-cache');
  const { subject, predicate } = JSON.parse(text);
  expect(subject).toEqual([{ name: 'ofn-test-provenance', digest: { sha256: digest?.replace('sha256:', '') } }]);
  const { resolvedDependencies } = predicate.buildDefinition;
  const named = resolvedDependencies.map(({ name, uri }: { name?: string; uri?: string }) => name ?? uri);
  expect(named.slice(0, 3)).toEqual(['source', 'package-lock.json', 'openfunction/run-node:24']);
  expect(named.slice(3).every((uri: string) => uri.startsWith('pkg:npm/'))).toBe(true);
  expect((await build()).text).toBe(text);
});
