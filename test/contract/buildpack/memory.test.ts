import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { makeSite } from '../../support/buildpack.ts';
import { measureMemory } from '../../support/memory.ts';
import { json, NPM_CACHE } from '../../support/shape.ts';

/** What docs/build.md promises is 1 GiB; programs have half of it, which leaves the other half to caches of files. */
const MOST_MIB = 512;
const TIMEOUT_MS = 240_000;

/** Together more than 300 packages. */
const DEPENDENCIES = { ajv: '8.17.1', axios: '1.7.9', express: '4.21.2', jest: '29.7.0', lodash: '4.17.21' };
const SOURCE = `${Object.keys(DEPENDENCIES)
  .map((name) => `require('${name}');`)
  .join('\n')}\nexports.hello = (req, res) => res.end();\n`;

test.each(['npm@11.19.1', 'pnpm@10.34.8', 'yarn@1.22.22', 'yarn@4.18.1', 'bun@1.4.5'])(
  '%s: an app of more than 300 packages is built in less than 1 GiB',
  async (packageManager) => {
    const manifest = { name: 'app', version: '1.0.0', private: true, dependencies: DEPENDENCIES, packageManager };
    const site = makeSite({ 'package.json': json(manifest), 'index.js': SOURCE });
    const { result, peak } = await measureMemory(`CNB_LAYERS_DIR=${site.layers}`, async () =>
      site.build({ FUNC_NAME: 'hello', npm_config_cache: NPM_CACHE }),
    );
    expect([result.exitCode, result.output]).toEqual([0, expect.stringMatching(/Compile cache: (\d+) of \1 modules/)]);
    const modules = join(site.layers, 'modules/node_modules');
    expect(readdirSync(modules, { recursive: true }).filter(isPackage).length).toBeGreaterThan(300);
    expect(peak).toBeGreaterThan(50);
    expect(peak).toBeLessThan(MOST_MIB);
  },
  TIMEOUT_MS,
);

function isPackage(path: string | Buffer): boolean {
  return /(?:^|\/)node_modules\/(?:@[^/]+\/)?[^/@]+\/package\.json$|^(?:@[^/]+\/)?[^/@]+\/package\.json$/.test(
    String(path),
  );
}
