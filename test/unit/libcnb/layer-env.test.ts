import { mkdirSync, readdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { applyChange, applyLayerEnv, writeLayerEnv, type EnvAction } from '../../../src/libcnb/layer-env.ts';
import fc from 'fast-check';
import { failureOf } from '../../support/failure.ts';
import { makeFolder } from '../../support/workspace.ts';

test.each<[EnvAction, string | undefined, string | undefined, string]>([
  ['override', 'old', undefined, 'new'],
  ['default', 'old', undefined, 'old'],
  ['default', undefined, undefined, 'new'],
  ['default', '', undefined, 'new'],
  ['append', 'old', undefined, 'oldnew'],
  ['append', 'old', ':', 'old:new'],
  ['append', undefined, ':', 'new'],
  ['append', '', ':', 'new'],
  ['prepend', 'old', undefined, 'newold'],
  ['prepend', 'old', ':', 'new:old'],
  ['prepend', undefined, ':', 'new'],
  ['prepend', '', ':', 'new'],
])('%s to %j with delimiter %j gives %j', (action, old, delimiter, result) => {
  const env = old === undefined ? {} : { V: old };
  const change = { name: 'V', action, value: 'new', ...(delimiter === undefined ? {} : { delimiter }) };
  expect(applyChange(env, change)).toEqual({ V: result });
});

test('the suffix decides; none is an override; unknown suffixes and folders are passed over', async () => {
  const layer = makeFolder({
    'env/A': 'a',
    'env/B.append': 'b',
    'env/B.delim': '-',
    'env/C.default': 'c',
    'env/D.unknown': 'd',
    'env.launch/E.prepend': 'e',
    'env.launch/web/F': 'f',
    'env.build/G': 'g',
  });
  const env = { A: '0', B: '0', C: '0', E: '0' };
  expect(await applyLayerEnv(layer, 'all', env)).toEqual({ A: 'a', B: '0-b', C: '0', E: '0' });
  expect(await applyLayerEnv(layer, 'launch', env)).toEqual({ A: 'a', B: '0-b', C: '0', E: 'e0' });
  expect(await applyLayerEnv(layer, { process: 'web' }, {})).toEqual({ A: 'a', B: 'b', C: 'c', E: 'e', F: 'f' });
  expect(await applyLayerEnv(layer, 'build', {})).toEqual({ A: 'a', B: 'b', C: 'c', G: 'g' });
});

test('folders extend the path variables', async () => {
  const layer = makeFolder();
  for (const folder of ['bin', 'lib', 'include', 'pkgconfig']) mkdirSync(join(layer, folder));
  const at = (folder: string) => join(layer, folder);
  expect(await applyLayerEnv(layer, 'launch', { PATH: '/bin' })).toEqual({
    PATH: `${at('bin')}:/bin`,
    LD_LIBRARY_PATH: at('lib'),
  });
  expect(await applyLayerEnv(layer, 'build', { PATH: '/bin', CPATH: '/x' })).toEqual({
    PATH: `${at('bin')}:/bin`,
    LD_LIBRARY_PATH: at('lib'),
    LIBRARY_PATH: at('lib'),
    CPATH: `${at('include')}:/x`,
    PKG_CONFIG_PATH: at('pkgconfig'),
  });
});

test('writes one file a change, and the delimiter beside it', async () => {
  const layer = makeFolder();
  await writeLayerEnv(layer, 'launch', [{ name: 'A', action: 'default', value: '1' }]);
  await writeLayerEnv(layer, { process: 'web' }, [{ name: 'B', action: 'append', value: '2', delimiter: ':' }]);
  expect(readdirSync(layer, { recursive: true }).toSorted()).toEqual([
    'env.launch',
    'env.launch/A.default',
    'env.launch/web',
    'env.launch/web/B.append',
    'env.launch/web/B.delim',
  ]);
});

test('what is written is what is applied', async () => {
  const changes = fc.record({
    name: fc.constantFrom('A', 'B', 'C'),
    action: fc.constantFrom<EnvAction>('override', 'default', 'append', 'prepend'),
    value: fc.string(),
    delimiter: fc.string({ maxLength: 2 }),
  });
  await fc.assert(
    fc.asyncProperty(changes, fc.dictionary(fc.constantFrom('A', 'B'), fc.string()), async (change, env) => {
      const layer = makeFolder();
      await writeLayerEnv(layer, 'all', [change]);
      expect(await applyLayerEnv(layer, 'all', env)).toEqual(applyChange(env, change));
    }),
    { numRuns: 50 },
  );
});

test.each([
  ['leads nowhere', 'A', '/nowhere', 'ENOENT'],
  ['can not be read', 'A', '/proc/self/mem', 'EIO'],
  ['has a delimiter that can not be read', 'A.delim', '/proc/self/mem', 'EIO'],
])('a variable that %s is a coded error with its path', async (_, name, target, cause) => {
  const layer = makeFolder({ 'env/A.append': 'a' });
  symlinkSync(target, join(layer, 'env', name));
  const text = await failureOf(() => applyLayerEnv(layer, 'all', {}), { layer });
  expect(text).toContain(`ERROR [OFN-CNB-FILE] Couldn't read <layer>/env/${name}: ${cause}`);
});
