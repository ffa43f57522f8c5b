import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { execa } from 'execa';
import { expect, test } from 'vitest';
import { CACHE } from '../../scripts/cache.ts';
import { placeOfEmulator } from '../../scripts/emulator.ts';
import { imageFolder } from '../../scripts/store.ts';
import { openLayout, type LayoutImage } from '../../src/oci/layout.ts';
import { unpackImage } from '../../src/oci/unpack.ts';
import { HOST_ARCH } from '../../stack/definition.ts';
import { checkOutAgain, tryBuild, variables, type OfnResult } from '../support/image.ts';
import { nativePackage } from '../support/native-package.ts';
import { ownPort } from '../support/own-port.ts';
import { start } from '../support/process.ts';
import { expectPrinted } from '../support/server-process.ts';
import { makeFolder } from '../support/workspace.ts';

const OTHER = HOST_ARCH === 'amd64' ? 'arm64' : 'amd64';
const IMAGE = 'ofn-test-other';
/** `e_machine` of programs: https://refspecs.linuxfoundation.org/elf/gabi4+/ch4.eheader.html */
const MACHINES = { amd64: 0x3e, arm64: 0xb7 } as const;

const build = (source: string, env: Readonly<Record<string, string>>, ...args: string[]): Promise<OfnResult> =>
  tryBuild('none', source, IMAGE, '--platform', `linux/${OTHER}`, ...variables(env), ...args);

async function openImage(): Promise<LayoutImage> {
  const image = await openLayout(imageFolder(IMAGE, OTHER), OTHER);
  if (image === undefined) throw new Error('There is no image.');
  return image;
}

/** The root file system of an image, all layers on top of each other. */
async function rootOf(image: LayoutImage): Promise<string> {
  const root = makeFolder();
  const { folder, layers } = await unpackImage(image, join(CACHE, 'layers'));
  for (const layer of layers) await execa('cp', ['--archive', '--force', `${folder}/${layer}/.`, root]);
  return root;
}

function machineOf(program: string): number {
  return readFileSync(program).readUInt16LE(18);
}

/** Runs the function as the image would, its Node.js emulated, and gives its answer. */
async function answerEmulated(image: LayoutImage): Promise<string> {
  const root = await rootOf(image);
  const emulator = await placeOfEmulator();
  cpSync(emulator.includes('/') ? emulator : (await execa('which', [emulator])).stdout, join(root, 'emulator'));
  const metadata: { processes: { command: [string, string] }[] } = JSON.parse(
    image.config.labels['io.buildpacks.build.metadata'] ?? '',
  );
  const main = metadata.processes[0]?.command[1] ?? '';
  const port = String(await ownPort());
  const args = ['--userspec=12345:54321', root, '/emulator', '/usr/local/bin/node', main];
  const running = start('chroot', args, { PORT: port, NODE_ENV: 'development', FUNCTION_TARGET: 'hello' });
  await expectPrinted(running, 'URL: http://localhost:');
  return (await fetch(`http://127.0.0.1:${port}`)).text();
}

test('a function of JavaScript is built for the other architecture, the same everywhere, and answers', async () => {
  const files = { 'index.mjs': 'export const hello = (req, res) => res.end(`on ${process.arch}`);\n' };
  const source = makeFolder(files);
  const first = await build(source, { FUNC_NAME: 'hello' }, '--clear-cache');
  expect(first.output).toContain('boots');
  const again = await build(checkOutAgain(source), { FUNC_NAME: 'hello' }, '--clear-cache');
  expect(first.digest).toBeDefined();
  expect(again.digest).toBe(first.digest);
  const image = await openImage();
  expect(image.arch).toBe(OTHER);
  const root = await rootOf(image);
  expect(machineOf(join(root, 'cnb/lifecycle/launcher'))).toBe(MACHINES[OTHER]);
  expect(machineOf(join(root, 'usr/local/bin/node'))).toBe(MACHINES[OTHER]);
  expect(await answerEmulated(image)).toBe(`on ${OTHER === 'amd64' ? 'x64' : OTHER}`);
});

test('native code that comes compiled is that of the image; it is booted here no more', async () => {
  const source = makeFolder({
    'package.json': JSON.stringify({ name: 'app', dependencies: { '@node-rs/crc32': '1.10.6' } }),
    'index.js':
      "const { crc32 } = require('@node-rs/crc32');\nexports.hello = (req, res) => res.end(String(crc32('a')));\n",
  });
  const refused = await build(source, { FUNC_NAME: 'hello' });
  expect(refused.output).toContain(
    `ERROR [OFN-DEPS-FOREIGN] Couldn't boot the function: this machine is linux/${HOST_ARCH}, and the native code of @node-rs/crc32-linux-${OTHER === 'amd64' ? 'x64' : OTHER}-gnu is for linux/${OTHER}.`,
  );
  const built = await build(source, { FUNC_NAME: 'hello', BP_FUNCTION_CHECK: 'off' });
  expect(built.digest).toBeDefined();
  expect(await answerEmulated(await openImage())).toBe(String(0xe8b7be43));
});

test('native code that is compiled by the build is refused, its package named', async () => {
  const dependencies = { 'answer-native': 'file:native.tgz' };
  const source = makeFolder({
    'package.json': JSON.stringify({ name: 'app', dependencies }),
    'index.js': "exports.hello = (req, res) => res.end(String(require('answer-native').answer()));\n",
  });
  writeFileSync(join(source, 'native.tgz'), await nativePackage());
  const { exitCode, output } = await build(source, { FUNC_NAME: 'hello' });
  expect(exitCode).toBe(1);
  expect(output).toContain(
    `ERROR [OFN-DEPS-FOREIGN] Couldn't build for linux/${OTHER} on linux/${HOST_ARCH}: the native code of answer-native is not for ${OTHER}.`,
  );
});
