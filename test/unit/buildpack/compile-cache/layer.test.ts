import { readdirSync, readFileSync, readlinkSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { MODULES_FILE, type Filled } from '../../../../src/buildpack/compile-cache/fill.ts';
import {
  countHits,
  keepCompileCache,
  makeCompileCache,
  offerEntries,
  openCompileCache,
  writeLaunchEntries,
  type CompileCache,
} from '../../../../src/buildpack/compile-cache/layer.ts';
import { json } from '../../../support/shape.ts';
import { makeFolder } from '../../../support/workspace.ts';

const KEY = { node: '24.21.0 x64', framework: 'f', modules: 'm' };
const APP = 'aaaaaaaa';
const FRAMEWORK = '11111111';
const MODULE = '00000000';

interface Place {
  readonly appDir: string;
  readonly layersDir: string;
  readonly filled: Filled;
  readonly open: (change?: Partial<typeof KEY>, ofApp?: boolean) => Promise<CompileCache>;
}

/** An app whose boot check left compiled code of itself, of the framework, of a module and of something else. */
function makePlace(): Place {
  const appDir = makeFolder();
  const layersDir = makeFolder();
  const folder = makeFolder({ [APP]: 'app', [FRAMEWORK]: 'framework', [MODULE]: 'module', ffffffff: 'other' });
  const modules = new Map([
    [APP, join(appDir, 'index.js')],
    [FRAMEWORK, join(layersDir, 'framework/index.js')],
    [MODULE, join(layersDir, 'modules/node_modules/a/index.js')],
    ['ffffffff', '/elsewhere/index.js'],
  ]);
  const launchFolder = join(layersDir, 'function/compile-cache');
  const open = async (change = {}, ofApp = true) =>
    openCompileCache({ context: { appDir, layersDir }, key: { ...KEY, ...change }, ofApp, launchFolder });
  return { appDir, layersDir, filled: { folder, node: KEY.node, modules }, open };
}

test('the layer has the entries of layers, and the next build knows them by its metadata', async () => {
  const { layersDir, filled, open } = makePlace();
  const cache = await open();
  expect(cache.kept).toBeUndefined();
  expect(await makeCompileCache(cache, filled)).toEqual([MODULE, FRAMEWORK]);
  expect(readdirSync(join(layersDir, 'compile-cache/entries'))).toEqual([MODULE, FRAMEWORK]);
  const metadata = readFileSync(join(layersDir, 'compile-cache.toml'), 'utf8');
  expect(metadata).toContain(`entries = "${MODULE}${FRAMEWORK}"`);
  // As a lifecycle brings it back: the metadata alone, without types.
  rmSync(join(layersDir, 'compile-cache'), { recursive: true });
  writeFileSync(join(layersDir, 'compile-cache.toml'), metadata.replace(/\[types\]\n(?:\w+ = \w+\n)+/, ''));
  const again = await open();
  expect(again.kept).toEqual([MODULE, FRAMEWORK]);
  await keepCompileCache(again, again.kept ?? []);
  expect(readFileSync(join(layersDir, 'compile-cache.toml'), 'utf8')).toBe(metadata);
});

test.each([{ node: '24.22.0 x64' }, { framework: 'g' }, { modules: '' }])('%j makes it anew', async (change) => {
  const { filled, open } = makePlace();
  await makeCompileCache(await open(), filled);
  expect((await open()).kept).toEqual([MODULE, FRAMEWORK]);
  expect((await open(change)).kept).toBeUndefined();
});

test('launches have the code of the app and links to that of the layer, and nothing of before', async () => {
  const { layersDir, filled, open } = makePlace();
  const folder = join(layersDir, 'function/compile-cache');
  expect(await writeLaunchEntries(await open(), filled, ['cccccccc'])).toBe(folder);
  expect(await writeLaunchEntries(await open(), filled, [FRAMEWORK])).toBe(folder);
  expect(readdirSync(folder)).toEqual([FRAMEWORK, APP]);
  expect(readFileSync(join(folder, APP), 'utf8')).toBe('app');
  expect(readlinkSync(join(folder, FRAMEWORK))).toBe(join(layersDir, 'compile-cache/entries', FRAMEWORK));
});

test('a build without the Node.js of the function leaves links alone', async () => {
  const { filled, open } = makePlace();
  const folder = await writeLaunchEntries(await open({}, false), filled, [FRAMEWORK]);
  expect(readdirSync(folder)).toEqual([FRAMEWORK]);
});

test('a hit is an entry that is still the one that was offered', async () => {
  const { filled, open } = makePlace();
  const cache = await open();
  const trial = makeFolder();
  await offerEntries(await writeLaunchEntries(cache, filled, await makeCompileCache(cache, filled)), trial);
  expect(readdirSync(trial)).toEqual([MODULE, FRAMEWORK, APP]);
  expect(await countHits(cache, trial)).toEqual({ hits: 0, modules: 0 });
  const { node, modules } = filled;
  writeFileSync(join(trial, MODULES_FILE), json({ node, modules: Object.fromEntries(modules) }));
  expect(await countHits(cache, trial)).toEqual({ hits: 3, modules: 3 });
  rmSync(join(trial, APP));
  writeFileSync(join(trial, APP), 'compiled after all');
  expect(await countHits(cache, trial)).toEqual({ hits: 2, modules: 3 });
});
