import { symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { findAbiBound } from '../../../../src/buildpack/node/native-modules.ts';
import { makeFolder } from '../../../support/workspace.ts';

/** As the tables of names in compiled modules have them. */
const V8 = '\0_ZN2v87Context10GetIsolateEv\0node_module_register\0';
const NODE_API = '\0napi_register_module_v1\0napi_create_function\0';

test.each<[string, Record<string, string>, string | undefined]>([
  ['no native module', { 'a/index.js': V8 }, undefined],
  ['Node-API alone', { 'a/a.node': NODE_API }, undefined],
  ['V8', { 'a/build/Release/a.node': V8, 'b/b.node': NODE_API }, 'a/build/Release/a.node'],
  ["V8 in pnpm's folder", { '.pnpm/a@1/node_modules/a/a.node': V8 }, '.pnpm/a@1/node_modules/a/a.node'],
  ['several, the first by name', { 'b/b.node': V8, 'a/a.node': V8 }, 'a/a.node'],
])('%s', async (_, files, path) => {
  expect(await findAbiBound(makeFolder(files))).toBe(path);
});

test('links are not followed, and a folder of that name is none', async () => {
  const folder = makeFolder({ 'folder.node/index.js': '' });
  symlinkSync(makeFolder({ 'a/a.node': V8 }), join(folder, 'node_modules'));
  expect(await findAbiBound(folder)).toBeUndefined();
});
