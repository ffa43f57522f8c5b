import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { FnError } from '../../../src/base/error.ts';
import type { Host } from '../../../src/libcnb/context.ts';
import { runBuild, runDetect } from '../../../src/libcnb/phase.ts';
import { readStore } from '../../../src/libcnb/store.ts';
import { makeFolder } from '../../support/workspace.ts';

const FILES = {
  'buildpack/buildpack.toml': 'api = "0.10"\n[buildpack]\nid = "a/b"\nversion = "1"\n',
  'platform/env/USER_SET': 'yes',
  'plan.toml': '[[entries]]\nname = "node"\n',
  'layers/store.toml': '[metadata]\nbefore = 1\n',
};

/** A lifecycle's side of a phase, and what the phase printed. */
function makeHost(args: 'variables' | 'arguments' = 'variables') {
  const folder = makeFolder(FILES);
  const at = (path: string): string => join(folder, path);
  const printed = { stdout: '', stderr: '' };
  const variables = {
    CNB_PLATFORM_DIR: at('platform'),
    CNB_BUILD_PLAN_PATH: at('build-plan.toml'),
    CNB_LAYERS_DIR: at('layers'),
    CNB_BP_PLAN_PATH: at('plan.toml'),
  };
  const host: Host = {
    env: { CNB_BUILDPACK_DIR: at('buildpack'), USER_SET: 'no', ...(args === 'variables' ? variables : {}) },
    args: [],
    cwd: '/app',
    stdout: { write: (text) => (printed.stdout += text) },
    stderr: { write: (text) => (printed.stderr += text) },
  };
  return { host, at, printed };
}

test('a detect that passes writes its plan', async () => {
  const { host, at } = makeHost();
  const code = await runDetect(async ({ env, appDir }) => {
    expect({ appDir, userSet: env['USER_SET'] }).toEqual({ appDir: '/app', userSet: 'yes' });
    return { pass: true, plan: { provides: ['node'] } };
  }, host);
  expect(code).toBe(0);
  expect(readFileSync(at('build-plan.toml'), 'utf8')).toContain('name = "node"');
});

test('a detect that does not pass says why and ends with 100', async () => {
  const { host, at, printed } = makeHost();
  expect(await runDetect(async () => ({ pass: false, reason: 'No function is named.' }), host)).toBe(100);
  expect(printed).toEqual({ stdout: 'No function is named.\n', stderr: '' });
  expect(existsSync(at('build-plan.toml'))).toBe(false);
});

test('paths may come as arguments', async () => {
  const { host, at } = makeHost('arguments');
  const detected = { ...host, args: [at('platform'), at('build-plan.toml')] };
  expect(await runDetect(async () => ({ pass: true, plan: {} }), detected)).toBe(0);
  expect(existsSync(at('build-plan.toml'))).toBe(true);
  const built = { ...host, args: [at('layers'), at('platform'), at('plan.toml')] };
  expect(await runBuild(async () => ({}), built)).toBe(0);
});

test('a build gets plan and store and leaves its files', async () => {
  const { host, at } = makeHost();
  const code = await runBuild(async ({ plan, store }) => {
    expect(plan).toEqual([{ name: 'node', metadata: {} }]);
    expect(store).toEqual({ before: 1 });
    const launch = { processes: [{ type: 'web', command: ['node'] as [string], isDefault: true }] };
    return { launch, unmet: ['node'], store: { after: 2 } };
  }, host);
  expect(code).toBe(0);
  expect(readFileSync(at('layers/launch.toml'), 'utf8')).toContain('type = "web"');
  expect(readFileSync(at('layers/build.toml'), 'utf8')).toContain('name = "node"');
  expect(await readStore(at('layers'))).toEqual({ after: 2 });
});

test('a failure is printed with its code, told on, and ends with 1', async () => {
  const { host, printed } = makeHost();
  const fail = async (): Promise<never> => {
    throw new FnError("Couldn't.", { code: 'OFN-CONFIG', hint: 'Do.' });
  };
  const told: unknown[] = [];
  expect(await runBuild(fail, { ...host, failed: async (error) => void told.push(error) })).toBe(1);
  expect(told).toMatchObject([{ code: 'OFN-CONFIG' }]);
  expect(printed.stderr).toBe("ERROR [OFN-CONFIG] Couldn't.\n\nDo.\n");
});

test('without a lifecycle a phase says so', async () => {
  const { host, printed } = makeHost('arguments');
  expect(await runDetect(async () => ({ pass: true }), host)).toBe(1);
  expect(printed.stderr).toMatchInlineSnapshot(`
    "ERROR [OFN-CNB-ENVIRONMENT] Couldn't start the phase: CNB_PLATFORM_DIR is not set.

    bin/detect and bin/build are started by a Cloud Native Buildpacks lifecycle: use pack, or "ofn build".
    "
  `);
});

test('why detection says no is printed and told on', async () => {
  const { host, printed } = makeHost();
  const told: string[] = [];
  const refused = async (reason: string): Promise<void> => void told.push(reason);
  expect(await runDetect(async () => ({ pass: false, reason: 'Nothing.' }), { ...host, refused })).toBe(100);
  expect(told).toEqual(['Nothing.']);
  expect(printed.stdout).toContain('Nothing.');
});
