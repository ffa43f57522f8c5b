import { expect, test } from 'vitest';
import { detect } from '../../../src/buildpack/detect.ts';
import { failureOf } from '../../support/failure.ts';
import { makeFolder } from '../../support/workspace.ts';

const at = (appDir: string, env: Record<string, string> = {}) =>
  detect({
    appDir,
    env,
    userEnv: env,
    buildPlanPath: '/plan.toml',
    buildpackDir: '/buildpack',
    platformDir: '/platform',
    descriptor: { id: 'a/b', version: '1', sbomFormats: [], targets: [], metadata: {} },
    target: undefined,
  });

const SOURCE = { 'index.js': '' };

test.each<[string, Record<string, string>, Record<string, string>]>([
  ['FUNC_NAME', SOURCE, { FUNC_NAME: 'hello' }],
  ['FUNCTION_TARGET', SOURCE, { FUNCTION_TARGET: 'hello' }],
  ['package.json', { 'package.json': '{"openfunction": {"name": "hello"}}' }, {}],
  ['func.toml', { ...SOURCE, 'func.toml': '[openfunction]\nname = "hello"' }, {}],
  ['FUNC_NAME and TypeScript below src', { 'src/index.ts': '' }, { FUNC_NAME: 'hello' }],
  ['FUNC_SRC as a folder', { 'fn/index.js': '' }, { FUNC_NAME: 'hello', FUNC_SRC: 'fn' }],
  ['FUNC_SRC as a folder with a package.json', { 'fn/package.json': '{}' }, { FUNC_NAME: 'hello', FUNC_SRC: 'fn' }],
  ['FUNC_SRC as a file', { 'a/b/fn.mts': '' }, { FUNC_NAME: 'hello', FUNC_SRC: 'a/b/fn.mts' }],
  ['FUNC_SRC as a file without its suffix', { 'a/b/fn.js': '' }, { FUNC_NAME: 'hello', FUNC_SRC: 'a/b/fn' }],
])('passes with %s', async (_, files, env) => {
  expect(await at(makeFolder(files), env)).toMatchObject({
    pass: true,
    plan: { provides: ['node', 'node_modules', 'functions-framework'] },
  });
});

test('the plan says which Node.js, in the words of Paketo', async () => {
  const nvmrc = makeFolder({ ...SOURCE, '.nvmrc': 'lts/jod' });
  expect(await at(nvmrc, { FUNC_NAME: 'hello' })).toMatchObject({
    plan: {
      requires: [
        { name: 'node', metadata: { launch: true, version: '22.x', 'version-source': '.nvmrc' } },
        { name: 'node_modules', metadata: { launch: true } },
        { name: 'functions-framework', metadata: { launch: true } },
      ],
    },
  });
});

test.each<[string, Record<string, string>, Record<string, string>]>([
  ['no function is named', { 'package.json': '{}', ...SOURCE }, {}],
  ['there is no JavaScript', { 'main.py': '' }, { FUNC_NAME: 'hello' }],
  ['there is none in FUNC_SRC', { 'fn/main.py': '', 'x/index.js': '' }, { FUNC_NAME: 'hello', FUNC_SRC: 'fn' }],
])('does not pass when %s, and says so', async (_, files, env) => {
  expect(await at(makeFolder(files), env)).toMatchSnapshot();
});

test('a broken package.json is a failure, not a no', async () => {
  const app = makeFolder({ 'package.json': '{' });
  expect(await failureOf(() => at(app, { FUNC_NAME: 'hello' }), { app })).toContain('OFN-PACKAGE-JSON');
});

test.each([
  ['OpenFunction and no variables', '/workspace/source', {}, true],
  ['OpenFunction and a sub-path', '/workspace/source/packages/fn', {}, true],
  ['OpenFunction and variables', '/workspace/source', { A: '1' }, false],
  ['another platform', '/workspace', {}, false],
])('%s: whether variables may be lost', async (_, appDir, env, isTold) => {
  const result = await at(appDir, env);
  const reason = result.pass ? '' : result.reason;
  expect(reason).toContain('No function is named');
  expect(reason.includes('a ">" in one of their values takes them all')).toBe(isTold);
});
