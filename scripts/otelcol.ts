// Builds the OpenTelemetry collector of the tests, once, in the cache: `node scripts/otelcol.ts`.
import { dirname, join } from 'node:path';
import { CACHE, keyOf, once } from './cache.ts';
import { setCurrent } from './current.ts';
import { filesOf, goBuild } from './go.ts';

/** Where the collector is once it is built. */
export async function placeOfCollector(): Promise<string> {
  const key = await keyOf([...filesOf('otelcol'), 'tools/otelcol/main.go']);
  return join(CACHE, 'tools', `otelcol-${key}`, 'otelcol');
}

if (import.meta.main) {
  const collector = await placeOfCollector();
  await once(dirname(collector), (scratch) => goBuild('otelcol', ['-ldflags', '-s -w', '-o', scratch, '.']));
  await setCurrent('otelcol', collector);
  console.log(`otelcol: ${collector}`);
}
