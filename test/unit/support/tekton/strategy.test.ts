import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { readStrategy } from '../../../support/tekton/strategy.ts';
import { ROOT } from '../../../support/artefact.ts';
import { makeFolder } from '../../../support/workspace.ts';

const FOLDER = join(ROOT, 'test/fixtures/strategies');

/** The name that git gives to a text. */
function blobOf(file: string): string {
  const bytes = readFileSync(join(FOLDER, file));
  return createHash('sha1').update(`blob ${bytes.length}\0`).update(bytes).digest('hex');
}

test('strategies of others are as their projects published them', () => {
  const rows = readFileSync(join(FOLDER, 'README.md'), 'utf8').matchAll(/^\| (\S+\.yaml) .* (\w{40}) \|$/gm);
  const told = [...rows].map(([, file, blob]) => ({ file, blob }));
  const files = readdirSync(FOLDER).filter((name) => name.endsWith('.yaml'));
  expect(told.map(({ file }) => file).toSorted()).toEqual(files);
  expect(told).toEqual(told.map(({ file = '' }) => ({ file, blob: blobOf(file) })));
});

test.each([
  [
    'openfunction.yaml',
    'openfunction',
    ['prepare', 'create', 'results'],
    ['cache', 'layers-dir', '$(params.PLATFORM_DIR)'],
  ],
  ['buildpacks-v3.yaml', 'buildpacks-v3', ['build-and-push'], ['platform-env']],
  ['buildpacks-v3-heroku.yaml', 'buildpacks-v3-heroku', ['build-and-push'], ['platform-env']],
])('%s is read, whatever version of Shipwright it is for', (file, name, steps, volumes) => {
  const strategy = readStrategy(join(FOLDER, file));
  expect(strategy.name).toBe(name);
  expect(strategy.steps.map((step) => step.name)).toEqual(steps);
  expect(strategy.volumes).toEqual(volumes);
});

test('a step with what Shipwright does not know is refused', () => {
  const text = 'metadata: {name: s}\nspec: {steps: [{name: a, image: b, script: c}]}\n';
  expect(() => readStrategy(join(makeFolder({ 's.yaml': text }), 's.yaml'))).toThrow(
    'Steps of Shipwright have no script',
  );
});
