import { globSync, readFileSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { extract } from 'tar';
import { expect, test } from 'vitest';
import { CACHE } from '../../scripts/cache.ts';
import { HOST_ARCH } from '../../stack/definition.ts';
import { imageFolder } from '../../scripts/store.ts';
import { SBOM_FORMATS, type SbomFormat } from '../../src/libcnb/sbom.ts';
import { blobPath, openLayout } from '../../src/oci/layout.ts';
import { buildImage, changeSource, copyOfSample, WAYS } from '../support/image.ts';
import { faultsOf } from '../support/sbom-schema.ts';
import { makeFolder } from '../support/workspace.ts';

const IMAGE = 'ofn-test-sbom';

/** The bills of an image, by their paths below /layers/sbom/launch, and its labels. */
async function readImage() {
  const layout = await openLayout(imageFolder(IMAGE), HOST_ARCH);
  if (layout === undefined) throw new Error('There is no image.');
  const cwd = makeFolder();
  for (const { digest } of layout.layers) {
    const file = blobPath(layout.folder, digest);
    await extract({ file, cwd, filter: (path) => path.replace(/^\//, '').startsWith('layers/sbom/') });
  }
  const folder = join(cwd, 'layers/sbom/launch');
  const paths = globSync('**/sbom.{cdx,spdx,syft}.json', { cwd: folder }).toSorted();
  const bills = Object.fromEntries(paths.map((path) => [path, readFileSync(join(folder, path), 'utf8')]));
  return { bills, labels: layout.config.labels };
}

test('an image has bills of its app, its layers and the launcher, the same where dependencies are taken over', async () => {
  const source = copyOfSample('disk-usage');
  await buildImage('none', source, IMAGE, '--clear-cache');
  const { bills, labels } = await readImage();
  const folders = ['', 'framework/', 'modules/'].map((folder) => `openfunction_node-function/${folder}`);
  const wanted = ['buildpacksio_lifecycle/launcher/', ...folders].flatMap((folder) =>
    Object.values(SBOM_FORMATS).map(({ extension }) => `${folder}sbom.${extension}`),
  );
  expect(Object.keys(bills)).toEqual(wanted.toSorted());
  for (const [path, text] of Object.entries(bills)) {
    const [format] = Object.entries(SBOM_FORMATS).find(([, { extension }]) => path.endsWith(extension)) ?? [];
    expect(faultsOf(format as SbomFormat, JSON.parse(text))).toEqual([]);
  }
  expect(JSON.parse(labels['io.openfunction.function'] ?? '')).toMatchObject({ schemaVersion: 1 });
  expect(labels['org.opencontainers.image.description']).not.toContain('no shell');

  rmSync(join(CACHE, 'builds'), { recursive: true, force: true });
  changeSource(source, 'index.js', '// changed\n');
  const { output } = await buildImage('none', source, IMAGE);
  expect(output).toContain('Dependencies: reused');
  expect((await readImage()).bills).toEqual(bills);
});

test.each(WAYS)('with engine "%s" the bills of the image and of its build are written down', async (way) => {
  const folder = join(makeFolder(), 'to', 'come');
  await buildImage(way, copyOfSample('disk-usage'), IMAGE, '--sbom-output-dir', folder);
  const folders = globSync('**/sbom.cdx.json', { cwd: folder }).map(dirname).toSorted();
  const ours = 'openfunction_node-function';
  expect(folders).toEqual([
    'build/buildpacksio_lifecycle',
    `build/${ours}`,
    'launch/buildpacksio_lifecycle/launcher',
    `launch/${ours}`,
    `launch/${ours}/framework`,
    `launch/${ours}/modules`,
  ]);
});
