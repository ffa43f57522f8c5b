import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { makeSite } from '../../support/buildpack.ts';
import { NPM_CACHE, lockFile, plainApp } from '../../support/shape.ts';

const HELLO = { FUNC_NAME: 'hello', npm_config_cache: NPM_CACHE };
const FILES = { ...plainApp(), 'package-lock.json': lockFile('plain.npm') };

test('an image above its size fails a build, with what is largest; layers that are taken over count as they were', async () => {
  const site = makeSite(FILES);
  const first = await site.build({ ...HELLO, BP_SIZE_BUDGET: '100MB' });
  const size = /Size: .*/.exec(first.output)?.[0];
  expect(size).toMatch(/^Size: \d\.\d MB above the run image, of 100\.0 MB \(from BP_SIZE_BUDGET\)$/);

  site.forgetContents();
  rmSync(join(site.app, 'node_modules'));
  const again = await site.build({ ...HELLO, BP_SIZE_BUDGET: '100MB' });
  expect(again.output).toContain('Dependencies: reused');
  expect(again.output).toContain(size);

  const failed = await makeSite(FILES).build({ ...HELLO, BP_SIZE_BUDGET: '1MB' });
  expect(failed.exitCode).toBe(1);
  expect(failed.output).toMatch(/ERROR \[OFN-BUDGET\].*BP_SIZE_BUDGET allows 1\.0 MB\.\n\n +\d\.\d MB  framework\n/);
  expect(failed.output).toMatch(/kB {2}modules: is-odd/);
});

test('a start above its budget fails a build, also one that could take its dependencies over', async () => {
  const site = makeSite(FILES);
  const first = await site.build({ ...HELLO, BP_START_BUDGET: '60000' });
  expect(first.output).toMatch(/Start: \d+ ms of processor time with compiled code, of 60000 ms/);

  site.forgetContents();
  rmSync(join(site.app, 'node_modules'));
  const again = await site.build({ ...HELLO, BP_START_BUDGET: '1' });
  expect(again.exitCode).toBe(1);
  expect(again.output).toContain('installing after all, to measure how long it takes to start');
  expect(again.output).toMatch(/ERROR \[OFN-BUDGET\].* \d+ ms of processor time with compiled code until it answers/);

  const unbooted = await makeSite(FILES).build({ ...HELLO, BP_START_BUDGET: '100', BP_FUNCTION_CHECK: 'off' });
  expect(unbooted.output).toContain("Couldn't use BP_START_BUDGET: BP_FUNCTION_CHECK says that none is booted");
});
