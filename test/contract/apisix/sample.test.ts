import { cpSync, mkdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { execa } from 'execa';
import { expect, test } from 'vitest';
import { ROOT } from '../../support/artefact.ts';
import { startRunner } from '../../support/apisix/runners.ts';
import { makeFolder } from '../../support/workspace.ts';

/** The sample with the package it imports, as npm would install it. */
function installedSample(): string {
  const folder = makeFolder();
  cpSync(join(ROOT, 'samples/apisix-plugin'), folder, { recursive: true });
  mkdirSync(join(folder, 'node_modules/@openfunction'), { recursive: true });
  symlinkSync(ROOT, join(folder, 'node_modules/@openfunction/functions-framework'));
  return folder;
}

test('the sample runs in the runner', async () => {
  const client = await (await startRunner({ args: [installedSample()] })).connect();
  const token = await client.prepare([['quota', '{"limit": 1}']]);
  const knowledge = { vars: { consumer_name: 'jane' } };
  const first = await client.request(token, {}, knowledge);
  expect(first.message).toEqual({ id: 7, rewrite: { resp_headers: [['x-quota-left', '0']] } });
  expect((await client.request(token, {}, knowledge)).message).toEqual({
    id: 7,
    stop: { status: 429, headers: [['retry-after', '60']] },
  });
});

test('the tests of the sample pass without APISIX', async () => {
  const { exitCode, all } = await execa('npm', ['test'], { cwd: installedSample(), all: true, reject: false });
  expect({ exitCode, all }).toMatchObject({ exitCode: 0, all: expect.stringMatching(/pass 1\n/) });
});
