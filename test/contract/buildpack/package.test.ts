import { join } from 'node:path';
import { execa } from 'execa';
import { expect, test } from 'vitest';
import { assembleBuildpack } from '../../../scripts/buildpack.ts';
import { FRAMEWORK } from '../../../src/buildpack/framework-layer/framework-names.ts';
import { artefact } from '../../support/artefact.ts';
import { makeFolder } from '../../support/workspace.ts';

test('a packaged buildpack has every file its boot check imports', async () => {
  artefact('dist/build/index.js');
  const folder = makeFolder();
  await assembleBuildpack(folder);
  const { stdio } = await execa('node', [join(folder, FRAMEWORK.check)], {
    stdio: ['ignore', 'pipe', 'pipe', 'pipe'],
    reject: false,
  });
  expect(stdio[3]).toContain("Couldn't read the boot check's request");
});
