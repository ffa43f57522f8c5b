import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { makeSite } from '../../support/buildpack.ts';
import { contentsOf } from '../../support/contents.ts';
import { NPM_CACHE, lockFile, plainApp } from '../../support/shape.ts';

test.each([
  ['npm', 'package-lock.json', 'plain.npm'],
  ['pnpm', 'pnpm-lock.yaml', 'plain.pnpm-10'],
  ['Yarn 1', 'yarn.lock', 'plain.yarn-1'],
  ['Yarn 4', 'yarn.lock', 'plain.yarn-4'],
  ['bun', 'bun.lock', 'plain.bun'],
])('%s: the layer of dependencies is the same in every build', async (_, file, lock) => {
  const site = makeSite({ ...plainApp(), [file]: lockFile(lock) });
  const env = { FUNC_NAME: 'hello', npm_config_cache: NPM_CACHE };
  const modules = join(site.layers, 'modules');
  expect((await site.build(env)).exitCode).toBe(0);
  const first = contentsOf(modules);
  rmSync(join(site.layers, 'modules.toml'));
  site.forgetContents();
  expect((await site.build(env)).output).toContain('Dependencies: installing');
  expect(contentsOf(modules)).toEqual(first);
});
