import { symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { readBindings, readEntry } from '../../../src/libcnb/binding.ts';
import { failureOf } from '../../support/failure.ts';
import { makeFolder } from '../../support/workspace.ts';

test('bindings have a type in any case, and what they give is the other files', async () => {
  const platform = makeFolder({
    'bindings/ca/type': 'CA-Certificates\n',
    'bindings/ca/provider': 'us',
    'bindings/ca/b.pem': 'B',
    'bindings/ca/.npmrc': 'A',
    'bindings/not-one/x': '',
    'bindings/file': '',
  });
  const folder = join(platform, 'bindings/ca');
  const entries = new Map([
    ['.npmrc', join(folder, '.npmrc')],
    ['b.pem', join(folder, 'b.pem')],
  ]);
  expect(await readBindings(platform, {})).toEqual([{ name: 'ca', type: 'ca-certificates', entries }]);
});

test('SERVICE_BINDING_ROOT wins; without a folder there are none', async () => {
  const platform = makeFolder({ 'bindings/ca/type': 'ca-certificates' });
  const root = makeFolder({ 'npm/type': 'npmrc' });
  const found = await readBindings(platform, { SERVICE_BINDING_ROOT: root });
  expect(found.map(({ name }) => name)).toEqual(['npm']);
  expect(await readBindings(makeFolder(), {})).toEqual([]);
});

test('a secret as Kubernetes mounts it', async () => {
  const root = makeFolder({ 'npm/..2026/type': 'npmrc', 'npm/..2026/.npmrc': 'A' });
  for (const name of ['type', '.npmrc']) symlinkSync(join('..2026', name), join(root, 'npm', name));
  symlinkSync('..2026', join(root, 'npm/..data'));
  const [binding] = await readBindings('', { SERVICE_BINDING_ROOT: root });
  expect([...(binding?.entries.keys() ?? [])]).toEqual(['.npmrc']);
});

test('the layout with metadata and secret', async () => {
  const root = makeFolder({
    'npm/metadata/kind': 'NPMRC',
    'npm/metadata/provider': 'us',
    'npm/metadata/tags': '',
    'npm/secret/.npmrc': 'A',
  });
  const entries = new Map([['.npmrc', join(root, 'npm/secret/.npmrc')]]);
  expect(await readBindings('', { SERVICE_BINDING_ROOT: root })).toEqual([{ name: 'npm', type: 'npmrc', entries }]);
});

test('a binding whose type can not be read is a coded error with its path', async () => {
  const platform = makeFolder({ 'bindings/ca/type/x': '' });
  expect(await failureOf(() => readBindings(platform, {}), { platform })).toContain(
    "ERROR [OFN-CNB-FILE] Couldn't read <platform>/bindings/ca/type: it is a folder.",
  );
});

test('an entry that is too large is a coded error with its path', async () => {
  const folder = makeFolder({ 'one.pem': 'a'.repeat(1024 * 1024 + 1) });
  expect(await failureOf(() => readEntry(join(folder, 'one.pem')), { folder })).toContain(
    "Couldn't read <folder>/one.pem: it is larger than 1048576 bytes.",
  );
});
