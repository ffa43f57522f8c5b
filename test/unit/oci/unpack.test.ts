import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { blobPath, openLayout } from '../../../src/oci/layout.ts';
import { unpackImage } from '../../../src/oci/unpack.ts';
import { failureOf } from '../../support/failure.ts';
import { layoutOf, tarOf } from '../../support/layout.ts';
import { makeFolder } from '../../support/workspace.ts';

async function open(folder: string) {
  const image = await openLayout(folder, 'amd64');
  if (image === undefined) throw new Error('there is no layout');
  return image;
}

test('each layer gets a folder of its own, once', async () => {
  const image = await open(layoutOf([await tarOf({ a: '1', 'b/c': '2' }), await tarOf({ a: '3' })]));
  const folder = makeFolder();
  const { layers } = await unpackImage(image, folder);
  const text = (index: number, path: string): string => readFileSync(join(folder, layers[index] ?? '', path), 'utf8');
  expect([text(0, 'a'), text(0, 'b/c'), text(1, 'a')]).toEqual(['1', '2', '3']);
  writeFileSync(join(folder, layers[0] ?? '', 'mark'), '');
  await unpackImage(image, folder);
  expect(existsSync(join(folder, layers[0] ?? '', 'mark'))).toBe(true);
});

test('a layer of no files is a layer', async () => {
  const folder = makeFolder();
  const { layers } = await unpackImage(await open(layoutOf([Buffer.alloc(1024)])), folder);
  expect(readdirSync(join(folder, layers[0] ?? ''))).toEqual([]);
});

test('what follows the end of a layer is read as well', async () => {
  const layer = Buffer.concat([await tarOf({ a: '1' }), Buffer.alloc(8 * 1024 * 1024)]);
  const folder = makeFolder();
  const { layers } = await unpackImage(await open(layoutOf([layer])), folder);
  expect(readFileSync(join(folder, layers[0] ?? '', 'a'), 'utf8')).toBe('1');
});

test('bytes that are not what the digest says leave nothing behind', async () => {
  const image = await open(layoutOf([await tarOf({ a: '1' })]));
  const digest = image.layers[0]?.digest ?? '';
  writeFileSync(blobPath(image.folder, digest), gzipSync(await tarOf({ a: 'evil' })));
  const folder = makeFolder();
  expect(await failureOf(() => unpackImage(image, folder))).toContain('OFN-IMAGE-LAYOUT');
  expect(readdirSync(folder).filter((name) => !name.endsWith('.part'))).toEqual([]);
});

test('a layer that deletes is refused', async () => {
  const image = await open(layoutOf([await tarOf({ 'b/.wh.a': '' })]));
  expect(await failureOf(() => unpackImage(image, makeFolder()), { image: image.folder })).toMatchInlineSnapshot(`
    "ERROR [OFN-IMAGE-LAYOUT] Couldn't read the OCI layout <image>: a layer deletes "b/.wh.a" of a lower layer, which is not supported.

    Remove the folder and get the image again."
  `);
});
