import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { createFolder, openLayer, writeLayer, type LayerTypes } from '../../../src/libcnb/layer.ts';
import { failureOf } from '../../support/failure.ts';
import { makeFolder } from '../../support/workspace.ts';

const LAUNCH: LayerTypes = { launch: true };
const SAME = '[metadata]\nkey = "1"\n';

test.each<[string, LayerTypes, Record<string, string>, unknown]>([
  ['nothing came back', LAUNCH, {}, { kind: 'empty', cause: 'new' }],
  ['a file without metadata', LAUNCH, { 'it.toml': '' }, { kind: 'empty', cause: 'new' }],
  ['other metadata', LAUNCH, { 'it.toml': '[metadata]\nkey = "2"\n', 'it/f': '' }, { kind: 'empty', cause: 'changed' }],
  ['metadata and contents', LAUNCH, { 'it.toml': SAME, 'it/f': '' }, { kind: 'restored', contents: 'present' }],
  ['launch alone, metadata alone', LAUNCH, { 'it.toml': SAME }, { kind: 'restored', contents: 'in-image' }],
  [
    'launch and cache, no contents',
    { launch: true, cache: true },
    { 'it.toml': SAME },
    { kind: 'empty', cause: 'contents-missing' },
  ],
  ['cache, no contents', { cache: true }, { 'it.toml': SAME }, { kind: 'empty', cause: 'contents-missing' }],
])('%s', async (_, types, files, state) => {
  const layers = makeFolder(files);
  const layer = await openLayer(layers, { name: 'it', types, metadata: { key: '1' } });
  expect(layer.state).toEqual(state);
  expect(existsSync(join(layers, 'it'))).toBe(layer.state.kind === 'restored' && layer.state.contents === 'present');
});

test('types and metadata are written each time', async () => {
  const layers = makeFolder();
  const layer = await openLayer(layers, { name: 'it', types: { launch: true, cache: true }, metadata: { key: '1' } });
  await createFolder(layer);
  await writeLayer(layers, layer, { key: '1' });
  expect(readFileSync(join(layers, 'it.toml'), 'utf8')).toMatchInlineSnapshot(`
    "[types]
    launch = true
    build = false
    cache = true

    [metadata]
    key = "1"
    "
  `);
});

test('lists, tables and dates are the same when they come back', async () => {
  const layers = makeFolder();
  const metadata = { list: ['a', 'b'], table: { at: new Date(0), deep: { on: true } }, tables: [{ a: 1 }, { b: 0.5 }] };
  const wanted = { name: 'it', types: LAUNCH, metadata };
  const layer = await openLayer(layers, wanted);
  await createFolder(layer);
  await writeLayer(layers, layer, metadata);
  expect((await openLayer(layers, wanted)).state).toEqual({ kind: 'restored', contents: 'present' });
  const other = { ...wanted, metadata: { ...metadata, list: ['a', 'c'] } };
  expect((await openLayer(layers, other)).state).toEqual({ kind: 'empty', cause: 'changed' });
});

test.each(['build', 'launch', 'store', '.', '..', '../up', 'a/b', '/', ''])(
  'the name %j is refused, and nothing is removed',
  async (name) => {
    const folder = makeFolder({ 'layers/a/b/file': '', 'up/file': '' });
    const act = () => openLayer(join(folder, 'layers'), { name, types: LAUNCH, metadata: {} });
    const refusal = `ERROR [OFN-CNB-LAYER] Couldn't open the layer "${name}": the name is not allowed.`;
    expect(await failureOf(act)).toContain(refusal);
    expect(readdirSync(folder, { recursive: true })).toHaveLength(6);
  },
);

test('a folder that can not be made or removed is a coded error with its path', async () => {
  const layers = makeFolder({ file: '' });
  const opened = await openLayer(layers, { name: 'it', types: LAUNCH, metadata: {} });
  const made = await failureOf(() => createFolder({ ...opened, folder: join(layers, 'file/it') }), { layers });
  expect(made).toMatch(/^ERROR \[OFN-CNB-FILE\] Couldn't write <layers>\/file\/it: E(NOTDIR|EXIST)/);
  const removed = await failureOf(() => openLayer(join(layers, 'file'), { name: 'it', types: LAUNCH, metadata: {} }), {
    layers,
  });
  expect(removed).toMatch(/^ERROR \[OFN-CNB-FILE\] Couldn't remove <layers>\/file\/it: ENOTDIR/);
});
