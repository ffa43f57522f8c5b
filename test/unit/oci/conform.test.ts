import { expect, test } from 'vitest';
import { conformLayout } from '../../../src/oci/conform.ts';
import { openLayout } from '../../../src/oci/layout.ts';
import { layoutOf, tarOf } from '../../support/layout.ts';

test('the digest of an image does not depend on its tag, and its layers are of OCI types', async () => {
  const layer = await tarOf({ a: '1' });
  const digests: (string | undefined)[] = [];
  for (const tag of ['1', '2']) {
    const folder = layoutOf([layer], (manifest) => {
      manifest.annotations = { 'org.opencontainers.image.ref.name': tag };
      for (const entry of manifest.layers) entry.mediaType = 'application/vnd.docker.image.rootfs.diff.tar.gzip';
    });
    await conformLayout(folder);
    const image = await openLayout(folder, 'amd64');
    expect(image?.layers.map(({ mediaType }) => mediaType)).toEqual(['application/vnd.oci.image.layer.v1.tar+gzip']);
    digests.push(image?.digest);
    await conformLayout(folder);
    expect((await openLayout(folder, 'amd64'))?.digest).toBe(image?.digest);
  }
  expect(digests[0]).toBe(digests[1]);
});
