import { symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { execa } from 'execa';
import { expect, test } from 'vitest';
import { assembleBuildpack } from '../../../scripts/buildpack.ts';
import { makeSite } from '../../support/buildpack.ts';
import { ownPort } from '../../support/own-port.ts';
import { json, NPM_CACHE } from '../../support/shape.ts';
import { makeFolder } from '../../support/workspace.ts';

/** A build image without Node.js, but with what every one has. */
function programs(): string {
  const bin = makeFolder();
  for (const name of ['sh', 'dirname', 'tar', 'gzip']) symlinkSync(join('/bin', name), join(bin, name));
  return bin;
}

async function detect(buildpack: string): Promise<{ exitCode: number | undefined; all: string }> {
  const folder = makeFolder({ 'app/index.js': '', 'platform/env/FUNC_NAME': 'hello' });
  const { all, exitCode } = await execa(join(buildpack, 'bin/detect'), {
    cwd: join(folder, 'app'),
    env: {
      PATH: programs(),
      CNB_BUILDPACK_DIR: buildpack,
      CNB_PLATFORM_DIR: join(folder, 'platform'),
      CNB_BUILD_PLAN_PATH: join(folder, 'plan.toml'),
    },
    extendEnv: false,
    all: true,
    reject: false,
  });
  return { all, exitCode };
}

test('a build image without Node.js is refused, unless the buildpack brings its own', async () => {
  const buildpack = makeFolder();
  await assembleBuildpack(buildpack);
  const { all, exitCode } = await detect(buildpack);
  expect(all).toMatchInlineSnapshot(`
    "ERROR [OFN-BUILDPACK] Couldn't start the buildpack: there is no Node.js in the build image.

    Use the builder openfunction/builder-node, or a build image with Node.js 22.18 or later and npm."
  `);
  expect(exitCode).toBe(1);
  symlinkSync(join(process.execPath, '../..'), join(buildpack, 'node'));
  expect(await detect(buildpack)).toEqual({ all: '', exitCode: 0 });
});

test('a native module without headers to compile it against fails the build and says what to do', async () => {
  const site = makeSite({
    'index.js': 'exports.hello = (req, res) => res.end();',
    'package.json': json({ dependencies: { 'unix-dgram': '2.0.6' } }),
  });
  const disturl = `http://127.0.0.1:${await ownPort()}`;
  const { exitCode, output } = await site.build({
    FUNC_NAME: 'hello',
    npm_config_cache: NPM_CACHE,
    npm_config_disturl: disturl,
  });
  expect(output).toContain(
    "ERROR [OFN-DEPS-NATIVE] Couldn't install dependencies: a native module has to be compiled, and the build image has no headers of its Node.js.",
  );
  expect(output).toContain('let BP_NODE_VERSION ask for another version');
  expect(exitCode).toBe(1);
});
