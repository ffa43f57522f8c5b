import { join } from 'node:path';
import { expect, test } from 'vitest';
import { hasSourceMap } from '../../../../src/buildpack/launch/source-map.ts';
import { makeFolder } from '../../../support/workspace.ts';

test.each<[string, boolean]>([
  ['exports.a = 1;\n//# sourceMappingURL=index.js.map', true],
  ['exports.a = 1;\n//# sourceMappingURL=data:application/json;base64,e30=\n', true],
  ['exports.a = 1;\n//@ sourceMappingURL=index.js.map\n', true],
  ["exports.a = '//# sourceMappingURL=index.js.map';\n", false],
  ['exports.a = 1;\n', false],
])('%j', async (source, expected) => {
  const folder = makeFolder({ 'index.js': source });
  expect(await hasSourceMap(join(folder, 'index.js'), 'http')).toBe(expected);
  expect(await hasSourceMap(folder, 'http')).toBe(expected);
});

test('a folder without a module', async () => {
  expect(await hasSourceMap(makeFolder(), 'http')).toBe(false);
});

test('plugins, of which one was made of other sources', async () => {
  const folder = makeFolder({ 'a.js': 'exports.a = 1;\n', 'b.js': 'exports.b = 1;\n//# sourceMappingURL=b.js.map\n' });
  expect(await hasSourceMap(folder, 'apisix')).toBe(true);
  expect(await hasSourceMap(join(folder, 'a.js'), 'apisix')).toBe(false);
});
