import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { execa } from 'execa';
import { expect, test } from 'vitest';
import { artefact } from '../../support/artefact.ts';
import { storeOf } from '../../support/image-store.ts';
import { layoutOf, tarOf } from '../../support/layout.ts';

/** The oldest Node.js that the README names. */
const OLDEST = 20;

/** A Node.js of this machine with the oldest major version. */
async function oldestNode(): Promise<string> {
  const { stdout } = await execa('sh', ['-c', 'which -a node'], { reject: false });
  for (const path of stdout.split('\n').filter((line) => line !== '')) {
    const { stdout: version } = await execa(path, ['--version']);
    if (version.startsWith(`v${OLDEST}.`)) return path;
  }
  throw new Error(`There is no Node.js ${OLDEST} on PATH: install it, as the README's requirements name it.`);
}

test(`ofn unpacks an image on Node.js ${OLDEST}, the one of the system`, async () => {
  const home = storeOf('tiny', layoutOf([await tarOf({ 'etc/name': 'tiny' })]));
  const ofn = [artefact('dist/cli/index.js'), 'run', 'tiny', '--engine', 'none'];
  const { all } = await execa(await oldestNode(), ofn, { env: { OFN_CACHE_DIR: home }, all: true, reject: false });
  expect(all).not.toContain('OFN-INTERNAL');
  const [layer = ''] = readdirSync(join(home, 'layers'));
  expect(existsSync(join(home, 'layers', layer, 'etc/name'))).toBe(true);
});

test(`the bundle of ofn uses nothing that Node.js ${OLDEST} lacks`, () => {
  const folder = join(artefact('dist/cli/index.js'), '..');
  const missing = /promises[\w.]*\)?\.glob\b|\bglobSync\b|\bwithResolvers\b|import\.meta\.main\b|\bfromAsync\b/g;
  const found = readdirSync(folder)
    .filter((name) => name.endsWith('.js'))
    .flatMap((name) => readFileSync(join(folder, name), 'utf8').match(missing) ?? []);
  expect(found).toEqual([]);
});
