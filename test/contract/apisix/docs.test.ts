import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { RUNNER_SETTINGS } from '../../../src/apisix/process/settings.ts';
import { SHIPPED } from '../../../src/apisix/plugins/shipped.ts';
import { ROOT } from '../../support/artefact.ts';
import { DEVIATIONS } from './deviations.ts';

const page = readFileSync(join(ROOT, 'docs/apisix.md'), 'utf8');
const rows = page.split('\n').map((line) => line.split('|').map((cell) => cell.trim()));

test('docs/apisix.md has every deviation, every setting and every plugin', () => {
  const start = rows.findIndex(([, cell]) => cell === 'difference');
  const told = rows.slice(start + 2).filter(([, name]) => name !== undefined);
  expect(Object.fromEntries(told.map(([, name, what]) => [name, what]))).toEqual(DEVIATIONS);
  for (const { variables, help } of Object.values(RUNNER_SETTINGS)) {
    expect(rows).toContainEqual(['', `\`${variables[0]}\``, help, '']);
  }
  for (const { name } of SHIPPED) expect(rows.some(([, cell]) => cell === `\`${name}\``)).toBe(true);
});

test.each(['quota.js', 'quota.test.js'])('docs/apisix.md has %s as it is', (name) => {
  const path = `samples/apisix-plugin/${name}`;
  expect(page).toContain(`// ${path}\n${readFileSync(join(ROOT, path), 'utf8')}`);
});
