import { copyFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { execa } from 'execa';
import { expect, onTestFinished, test } from 'vitest';
import { assembleBuildpack } from '../../scripts/buildpack.ts';
import { CACHE, once } from '../../scripts/cache.ts';
import { findTools } from '../../scripts/tools.ts';
import { startContainer } from '../support/container.ts';
import { buildImage, copyOfSample, removeFromEngine, variables } from '../support/image.ts';
import { dockerBuild } from '../support/run-image.ts';
import { makeFolder } from '../support/workspace.ts';

const IMAGE = 'ofn-test-other-builder-app';
const BUILDER = 'ofn-test-other-builder';
const BUILD = 'ofn-test-other-build';
const RUN = 'ofn-test-other-run';

/** Another release of Debian than that of our stack, as small as it gets. */
async function otherBase(): Promise<string> {
  const folder = join(CACHE, 'tools/bookworm');
  await once(folder, async (scratch) => {
    const args = ['--quiet', '--variant=minbase', '--include=ca-certificates', 'bookworm', join(scratch, 'base.tar')];
    await execa('mmdebstrap', args);
  });
  return folder;
}

const BASE = `FROM scratch
ADD base.tar /
RUN groupadd --gid 2000 builder && useradd --uid 2000 --gid 2000 --create-home builder
USER 2000:2000
`;

/** A builder whose run image has no Node.js, and that says nothing of it; who builds has other numbers too. */
async function createBuilder(): Promise<void> {
  await dockerBuild(RUN, BASE, await otherBase());
  const build =
    'ENV CNB_USER_ID=2000 CNB_GROUP_ID=2000\nCOPY --from=openfunction/build-node:24 /usr/local /usr/local\n';
  await dockerBuild(BUILD, BASE + build, await otherBase());
  const { pack, lifecycleTar } = await findTools();
  const folder = makeFolder();
  await assembleBuildpack(join(folder, 'buildpack'));
  copyFileSync(lifecycleTar, join(folder, 'lifecycle.tgz'));
  writeFileSync(
    join(folder, 'builder.toml'),
    `[build]
image = "${BUILD}"

[[run.images]]
image = "${RUN}"

[lifecycle]
uri = "lifecycle.tgz"

[[buildpacks]]
uri = "buildpack"

[[order]]
[[order.group]]
id = "openfunction/node-function"
`,
  );
  onTestFinished(() => removeFromEngine(BUILDER));
  const args = ['builder', 'create', BUILDER, '--config', join(folder, 'builder.toml'), '--pull-policy', 'never'];
  await execa(pack, args);
}

test('another builder, whose run image has no Node.js, gives images that bring their own', async () => {
  await createBuilder();
  const source = copyOfSample('express');
  const args = ['--builder', BUILDER, ...variables({ FUNC_NAME: 'app' })];
  const { output } = await buildImage('docker', source, IMAGE, ...args);
  expect(output).toContain("layer added, the builder's");
  const { url } = await startContainer(IMAGE, '12345:54321');
  expect(await (await fetch(new URL('/users/7', url))).text()).toBe('{"id":"7"}');
});
