import { expect, test } from 'vitest';
import { functionOfProject } from '../../../../src/buildpack/project/project-function.ts';
import { makeFolder } from '../../../support/workspace.ts';

test('the function that files name, with its components and version', async () => {
  const folder = makeFolder({
    'package.json': '{"version": "1.2.3", "openfunction": {"name": "orders,audit", "type": "openfunction"}}',
    'func.toml': '[inputs.created]\ncomponent = "shop"\ntopic = "orders"\n',
    'index.js': '',
  });
  expect(await functionOfProject(folder, {})).toEqual({
    functions: [
      { name: 'orders', signatureType: 'openfunction' },
      { name: 'audit', signatureType: 'openfunction' },
    ],
    inputs: [{ name: 'created', component: 'shop', topic: 'orders' }],
    outputs: [],
    version: '1.2.3',
  });
});

test('variables win, and an application has no function', async () => {
  const folder = makeFolder({ 'package.json': '{"scripts": {"start": "node server.js"}}', 'server.js': '' });
  expect((await functionOfProject(folder, { FUNC_NAME: 'hello' })).functions).toEqual([
    { name: 'hello', signatureType: 'http' },
  ]);
  expect(await functionOfProject(folder, {})).toEqual({ functions: [], inputs: [], outputs: [], version: undefined });
});
