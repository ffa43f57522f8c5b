// Builds Apache's runner for Go, with the tests' plugin in it, and the client of the bench, once, in the cache: `node scripts/apisix-go-runner.ts`.
import { dirname, join } from 'node:path';
import { CACHE, keyOf, once } from './cache.ts';
import { setCurrent } from './current.ts';
import { filesOf, goBuild } from './go.ts';

const MODULE = 'apisix-go-runner';

/** Where the runner is once it is built. */
export async function placeOfGoRunner(): Promise<string> {
  return join(
    CACHE,
    'tools',
    `${MODULE}-${await keyOf([...filesOf(MODULE), `tools/${MODULE}/main.go`, `tools/${MODULE}/load/main.go`])}`,
    MODULE,
  );
}

if (import.meta.main) {
  const runner = await placeOfGoRunner();
  await once(dirname(runner), (scratch) => goBuild(MODULE, ['-ldflags', '-s -w', '-o', scratch, './...']));
  await setCurrent(MODULE, runner);
  console.log(`${MODULE}: ${runner}`);
}
