import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { KNOWN } from '../../../../src/buildpack/supply/known.ts';
import { ROOT } from '../../../support/artefact.ts';

test('docs/supply-chain.md names every advisory that a build knows by itself', () => {
  const page = readFileSync(join(ROOT, 'docs/supply-chain.md'), 'utf8');
  const listed = [...page.matchAll(/^\| \[(GHSA-[\w-]+)\]/gm)].map(([, id]) => id);
  expect(listed).toEqual([...new Set(KNOWN.advisories.map(({ id }) => id))]);
  expect(Object.values(KNOWN.sources).filter((source) => !page.includes(source))).toEqual([]);
});
