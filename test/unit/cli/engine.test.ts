import { chmodSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { usesEngine } from '../../../src/cli/engine.ts';
import { failureOf } from '../../support/failure.ts';
import { terminalOf } from '../../support/terminal.ts';
import { makeFolder } from '../../support/workspace.ts';

/** A terminal whose docker prints this API version; without one there is no docker. */
function withDocker(api?: string) {
  const bin = makeFolder();
  if (api !== undefined) {
    writeFileSync(join(bin, 'docker'), `#!/bin/sh\necho ${api}\n`);
    chmodSync(join(bin, 'docker'), 0o755);
  }
  return terminalOf({ env: { PATH: bin } });
}

test.each<['auto' | 'docker' | 'none', string | undefined, boolean]>([
  ['auto', '1.51', true],
  ['auto', '1.44', true],
  ['auto', '1.43', false],
  ['auto', undefined, false],
  ['docker', '2.0', true],
  ['none', '1.51', false],
])('--engine %s with API %s: %s', async (choice, api, expected) => {
  expect(await usesEngine(choice, withDocker(api))).toBe(expected);
});

test('--engine docker without an engine says what to start', async () => {
  expect(await failureOf(() => usesEngine('docker', withDocker()))).toMatchInlineSnapshot(`
    "ERROR [OFN-CLI-ENGINE] Couldn't use a Docker engine: none answers.

    Start Docker, have DOCKER_HOST name it unless it is the default one, or give --engine none."
  `);
});

test('--engine docker with an old engine says how old', async () => {
  expect(await failureOf(() => usesEngine('docker', withDocker('1.41')))).toMatchInlineSnapshot(`
    "ERROR [OFN-CLI-ENGINE] Couldn't use a Docker engine: its API 1.41 is older than 1.44.

    Start Docker, have DOCKER_HOST name it unless it is the default one, or give --engine none."
  `);
});
