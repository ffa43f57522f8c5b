import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { FnError } from '../../../../src/base/error.ts';
import { explainForeign, refuseForeignCode } from '../../../../src/buildpack/dependencies/foreign-code.ts';
import { failureOf } from '../../../support/failure.ts';
import { makeFolder } from '../../../support/workspace.ts';

const CROSS = { builder: 'amd64', target: 'arm64' };
/** `e_machine` of programs. */
const AMD64 = 62;
const ARM64 = 183;
const POWERPC = 21;

/** A node_modules with the headers of programs for these machines. */
function modulesWith(files: Readonly<Record<string, number>>): string {
  const folder = join(makeFolder(), 'node_modules');
  mkdirSync(folder);
  for (const [path, machine] of Object.entries(files)) {
    const header = Buffer.alloc(64);
    header.write('\u007FELF', 'latin1');
    header.writeUInt16LE(machine, 18);
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), header);
  }
  return folder;
}

test('packages with code for the machine of the build alone are refused by name', async () => {
  const folder = modulesWith({
    'a/build/Release/a.node': AMD64,
    'b/node_modules/@c/d/lib/d.so.1': AMD64,
    '.pnpm/e@1.0.0/node_modules/e/e.node': POWERPC,
  });
  expect(await failureOf(() => refuseForeignCode([folder], CROSS))).toMatchInlineSnapshot(`
    "ERROR [OFN-DEPS-FOREIGN] Couldn't build for linux/arm64 on linux/amd64: the native code of @c/d, a, e is not for arm64.

    Build on a linux/arm64 machine, or let the project install what it brings for arm64 (npm does so by itself)."
  `);
});

test('packages that have code for the image too, or a twin that has, are not refused', async () => {
  const folder = modulesWith({
    'a/prebuilds/linux-x64/a.node': AMD64,
    'a/prebuilds/linux-arm64/a.node': ARM64,
    '@b/linux-x64-gnu/b.node': AMD64,
    '@b/linux-arm64-gnu/b.node': ARM64,
  });
  writeFileSync(join(folder, 'text.node'), 'no program');
  await expect(refuseForeignCode([folder], CROSS)).resolves.toBeUndefined();
});

test('a program counts when it may be started', async () => {
  const folder = modulesWith({ 'a/bin/a': AMD64 });
  await expect(refuseForeignCode([folder], CROSS)).resolves.toBeUndefined();
  chmodSync(join(folder, 'a/bin/a'), 0o755);
  expect(await failureOf(() => refuseForeignCode([folder], CROSS))).toContain('OFN-DEPS-FOREIGN');
});

test('a function that can not be booted here is explained by the code that is for the image', async () => {
  const error = new FnError("Couldn't load it.", { code: 'OFN-FUNC-LOAD', hint: 'Correct it.' });
  const folder = modulesWith({ 'a/a.node': ARM64 });
  const failure = await failureOf(async () => {
    throw await explainForeign([folder], CROSS, error);
  });
  expect(failure).toMatchInlineSnapshot(`
    "ERROR [OFN-DEPS-FOREIGN] Couldn't boot the function: this machine is linux/amd64, and the native code of a is for linux/arm64.

    Couldn't load it.

    Build on a linux/arm64 machine, or set BP_FUNCTION_CHECK=off to build without booting."
  `);
  expect(await explainForeign([modulesWith({})], CROSS, error)).toBe(error);
});
