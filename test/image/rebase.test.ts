import { chmodSync } from 'node:fs';
import { execa } from 'execa';
import { expect, onTestFinished, test } from 'vitest';
import { findTools } from '../../scripts/tools.ts';
import { writeCaBinding } from '../../src/cli/workplace.ts';
import { startContainer } from '../support/container.ts';
import { copyOfSample, layersOf, packBuild, variables } from '../support/image.ts';
import { idOf, nameRunImage, patchRunImage } from '../support/run-image.ts';
import { makeFolder } from '../support/workspace.ts';

const IMAGE = 'ofn-test-rebase';
const RUN_IMAGE = 'ofn-test-rebase-run';
/** A Node.js of the same line as the run image's, and one of another line. */
const SAME_LINE = '24.20.0';
const OTHER_LINE = '22.23.3';
const VERSION = 'exports.hello = (req, res) => res.end(process.version);\n';

/** Words of pack with which a build trusts whom this machine trusts. */
async function trusted(): Promise<string[]> {
  const authority = process.env['NODE_EXTRA_CA_CERTS'];
  if (!authority) return [];
  const binding = makeFolder();
  chmodSync(binding, 0o755);
  await writeCaBinding(authority, binding);
  return ['--volume', `${binding}:/platform/bindings/ca:ro`];
}

/** Builds the image on a run image whose name is the test's own. */
async function build(source: string, ...args: string[]): Promise<void> {
  await nameRunImage(RUN_IMAGE);
  const images = ['--builder', 'openfunction/builder-node', '--run-image', RUN_IMAGE];
  await packBuild(source, IMAGE, ...images, ...(await trusted()), ...args);
}

/** Puts the image on the run image of today, and gives what was printed. */
async function rebase(): Promise<string> {
  const { pack } = await findTools();
  const before = await idOf(IMAGE);
  onTestFinished(async () => void (await execa('docker', ['rmi', '--force', before], { reject: false })));
  const args = ['rebase', IMAGE, '--pull-policy', 'never', '--no-color'];
  return (await execa(pack, args, { all: true, reject: false })).all;
}

test('a rebase patches Node.js and leaves all else as it is', async () => {
  await build(makeFolder({ 'index.js': VERSION }), ...variables({ FUNC_NAME: 'hello' }));
  const before = await layersOf('docker', IMAGE);
  const runImage = await layersOf('docker', RUN_IMAGE);
  await patchRunImage(RUN_IMAGE, SAME_LINE);
  expect(await rebase()).toContain('Successfully rebased');
  const { url } = await startContainer(IMAGE, '12345:54321');
  expect(await (await fetch(url)).text()).toBe(`v${SAME_LINE}`);
  const patched = await layersOf('docker', RUN_IMAGE);
  expect(await layersOf('docker', IMAGE)).toEqual([...patched, ...before.slice(runImage.length)]);
});

test('a rebase onto another release of the distribution is refused', async () => {
  await build(makeFolder({ 'index.js': VERSION }), ...variables({ FUNC_NAME: 'hello' }));
  await patchRunImage(RUN_IMAGE, SAME_LINE, { 'io.buildpacks.base.distro.version': '12' });
  expect(await rebase()).toContain('unable to satisfy target os/arch constraints');
});

test('native modules say so when a rebase brings a Node.js that they were not compiled for', async () => {
  await build(copyOfSample('disk-usage'));
  await patchRunImage(RUN_IMAGE, OTHER_LINE);
  expect(await rebase()).toContain('Successfully rebased');
  const { all, exitCode } = await execa('docker', ['run', '--rm', IMAGE], { all: true, reject: false });
  expect(exitCode).not.toBe(0);
  expect(all).toContain('OFN-NODE-ABI');
});
