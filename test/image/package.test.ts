import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { execa } from 'execa';
import { expect, onTestFinished, test } from 'vitest';
import { findTools } from '../../scripts/tools.ts';
import { openLayout } from '../../src/oci/layout.ts';
import { ARCHITECTURES, HOST_ARCH } from '../../stack/definition.ts';
import { ROOT } from '../support/artefact.ts';
import { startContainer } from '../support/container.ts';
import { copyOfSample, packBuild, removeFromEngine } from '../support/image.ts';
import { makeFolder } from '../support/workspace.ts';

const IMAGE = 'ofn-test-package';
const BUILDER = 'ofn-test-package-builder';

/** Makes a builder like ours, with the buildpack taken from the package as others would. */
async function createBuilder(pack: string, lifecycle: string, buildpackage: string): Promise<void> {
  const config = join(makeFolder(), 'builder.toml');
  const text = readFileSync(join(ROOT, 'builder.toml'), 'utf8');
  writeFileSync(
    config,
    text.replace('"lifecycle.tgz"', `"${lifecycle}"`).replace('uri = "buildpack"', `uri = "${buildpackage}"`),
  );
  onTestFinished(() => removeFromEngine(BUILDER));
  await execa(pack, ['builder', 'create', BUILDER, '--config', config, '--pull-policy', 'never']);
}

test('a builder made from the packaged buildpack builds a function', async () => {
  const { pack, lifecycleTar } = await findTools();
  await execa('node', [join(ROOT, 'scripts/package.ts')]);
  await createBuilder(pack, lifecycleTar, join(ROOT, `dist/node-function-linux-${HOST_ARCH}.cnb`));
  await packBuild(copyOfSample('hello-esm'), IMAGE, '--builder', BUILDER, '--env', 'FUNC_NAME=hello');
  const { url } = await startContainer(IMAGE, '1001:1000');
  expect(await (await fetch(url)).text()).toBe('Hello, World!\n');
});

test('the buildpack is packaged for each architecture, and is the same for all', async () => {
  await execa('node', [join(ROOT, 'scripts/package.ts')]);
  const packages = ARCHITECTURES.map(async (arch) => {
    const folder = makeFolder();
    await execa('tar', ['-xf', join(ROOT, `dist/node-function-linux-${arch}.cnb`), '-C', folder]);
    const image = await openLayout(folder, arch);
    return { arch: image?.arch, diffIds: image?.diffIds };
  });
  const [one, other] = await Promise.all(packages);
  expect([one?.arch, other?.arch]).toEqual(ARCHITECTURES);
  expect(one?.diffIds).toEqual(other?.diffIds);
});
