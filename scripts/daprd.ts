// Builds the Dapr sidecar of the tests, once, in the cache: `node scripts/daprd.ts`.
import { dirname, join } from 'node:path';
import { CACHE, keyOf, once } from './cache.ts';
import { setCurrent } from './current.ts';
import { filesOf, goBuild, pinned } from './go.ts';

const VERSION = 'github.com/dapr/dapr/pkg/buildinfo.version';

/** Where the sidecar is once it is built. */
export async function placeOfDaprd(): Promise<string> {
  const sources = ['main.go', 'components.go'].map((file) => `tools/daprd/${file}`);
  return join(CACHE, 'tools', `daprd-${await keyOf([...filesOf('daprd'), ...sources], [VERSION])}`, 'daprd');
}

if (import.meta.main) {
  const daprd = await placeOfDaprd();
  await once(dirname(daprd), async (scratch) => {
    const version = await pinned('daprd', 'github.com/dapr/dapr');
    await goBuild('daprd', ['-ldflags', `-s -w -X ${VERSION}=${version}`, '-o', scratch, '.']);
  });
  await setCurrent('daprd', daprd);
  console.log(`daprd: ${daprd}`);
}
