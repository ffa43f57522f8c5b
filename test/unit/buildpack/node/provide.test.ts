import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect, test } from 'vitest';
import { createLog } from '../../../../src/base/log.ts';
import type { BuilderNode } from '../../../../src/buildpack/node/builder-node.ts';
import { provideNode } from '../../../../src/buildpack/node/provide.ts';
import type { NodeRuntime } from '../../../../src/buildpack/node/runtime.ts';
import { readProject, readVariables } from '../../../../src/buildpack/project/project.ts';
import { makeDist } from '../../../support/node-dist.ts';
import { makeFolder } from '../../../support/workspace.ts';

const FOLDER = join(process.execPath, '../..');
const BUILDER: BuilderNode = {
  version: '24.21.0',
  abi: '137',
  arch: 'amd64',
  folder: FOLDER,
  headers: FOLDER,
  portable: true,
};

interface Provided extends NodeRuntime {
  readonly layersDir: string;
  readonly output: string;
}

async function provide(
  files: Record<string, string>,
  env: Record<string, string>,
  { arch = 'amd64', layersDir = makeFolder() } = {},
): Promise<Provided> {
  const appDir = makeFolder(files);
  const { packageJson, projectDir, sources } = await readProject(
    appDir,
    await readVariables({ appDir, env, userEnv: env }),
  );
  const lines: string[] = [];
  const context = {
    appDir,
    layersDir,
    buildpackDir: '/buildpack',
    platformDir: '/platform',
    descriptor: { id: 'a/b', version: '1', sbomFormats: [], targets: [], metadata: {} },
    target: { os: 'linux', arch },
    env,
    userEnv: env,
    plan: [],
    store: {},
  };
  const log = createLog({ write: (line: string) => lines.push(line) });
  const runtime = await provideNode({
    context,
    packageJson,
    sources,
    builder: BUILDER,
    projectDir,
    env: { PATH: '/bin' },
    log,
  });
  return { ...runtime, layersDir, output: lines.join('') };
}

/** Folders of the moment that fetching makes. */
const leftovers = () => readdirSync(tmpdir()).filter((name) => /^ofn-(?:dist|node)-/.test(name));

const OURS = { BP_RUN_IMAGE_NODE_VERSION: '24.21.0' };
const from = (dist: string) => ({ ...OURS, BP_NODE_DIST_URL: pathToFileURL(dist).href });

test('the run image serves what nobody asks otherwise, without a layer', async () => {
  const node = await provide({}, OURS);
  expect(node).toMatchObject({ version: '24.21.0', abi: '137', isRunImages: true });
  expect(await node.environment()).toEqual({ PATH: '/bin', npm_config_nodedir: FOLDER });
  expect(existsSync(join(node.layersDir, 'node.toml'))).toBe(false);
  expect(node.decision).toEqual({
    subject: 'Node.js',
    value: '24.21.0, in the run image',
    source: 'default',
    change:
      'BP_NODE_VERSION, FUNC_RUNTIME_VERSION, "node" in func.toml or package.json, FUNC_RUNTIME, engines.node, .nvmrc, .node-version, .tool-versions, volta.node, devEngines.runtime',
  });
});

test('programs run on a fetched Node.js and compile for it', async () => {
  const before = leftovers();
  const node = await provide({ '.nvmrc': '22' }, from(makeDist('22.99.0')));
  const folder = join(node.layersDir, 'node-package');
  expect(node).toMatchObject({ version: '22.99.0', abi: '127', isRunImages: false });
  expect(node.isAtHand()).toBe(true);
  expect(await node.environment()).toEqual({ PATH: `${folder}/bin:/bin`, npm_config_nodedir: folder });
  expect(node.decision).toMatchObject({ value: '22.99.0, in a layer', source: '.nvmrc asks for "22"' });
  expect(leftovers()).toEqual(before);
});

test('a Node.js for another architecture is put into the image, and nothing is started on it', async () => {
  const dist = makeDist('22.99.0', 'arm64');
  const node = await provide({ '.nvmrc': '22' }, from(dist), { arch: 'arm64' });
  expect(node).toMatchObject({ version: '22.99.0', abi: '127' });
  expect(await node.environment()).toEqual({ PATH: '/bin' });
  expect(existsSync(join(node.layersDir, 'node/bin/node'))).toBe(true);
});

test('a range keeps the version of the previous image, unless that has known vulnerabilities', async () => {
  const restored = (version: string): string =>
    makeFolder({ 'node.toml': `[metadata]\nversion = "${version}"\narch = "amd64"\nabi = "127"\n` });
  const env = from(makeDist('22.99.0'));
  const kept = await provide({ '.nvmrc': '22' }, env, { layersDir: restored('22.98.0') });
  expect(kept.output).toBe('Node.js 22.98.0: layer reused (.nvmrc asks for "22")\n');
  expect(kept.isAtHand()).toBe(false);
  const text = readFileSync(join(kept.layersDir, 'node.toml'), 'utf8');
  expect(text).toContain('launch = true');
  expect(existsSync(join(kept.layersDir, 'node'))).toBe(false);
  const renewed = await provide({ '.nvmrc': '22' }, env, { layersDir: restored('22.20.0') });
  expect(renewed.output).toContain('Node.js 22.99.0: layer added');
  const moved = await provide({ '.nvmrc': '22' }, from(makeDist('22.99.0', 'arm64')), {
    layersDir: restored('22.98.0'),
    arch: 'arm64',
  });
  expect(moved.version).toBe('22.99.0');
});

test('a cache of the same version makes a new layer without fetching', async () => {
  const { layersDir } = await provide({ '.nvmrc': '22' }, from(makeDist('22.99.0')));
  writeFileSync(join(layersDir, 'node.toml'), '');
  const again = await provide({ '.nvmrc': '22.99.0' }, from('/no/such'), { layersDir });
  expect(again.output).toContain('Node.js 22.99.0: layer added');
  expect(again.abi).toBe('127');
});
