import { expect, test } from 'vitest';
import { withSchemas } from '../../../../src/buildpack/labels/manifest.ts';
import { readSchemas } from '../../../../src/buildpack/labels/schemas.ts';
import { failureOf } from '../../../support/failure.ts';
import { makeFolder } from '../../../support/workspace.ts';

const read = async (toml: string, files: Readonly<Record<string, string>> = {}) =>
  readSchemas(makeFolder({ 'func.toml': toml, ...files }));

test('files of func.toml, by the function and the side', async () => {
  const files = { 'order.json': '{"type": "object", "$defs": {"a": {}}, "$ref": "#/$defs/a"}', 'out.json': '{}' };
  const schemas = await read('[schemas.orders]\ninput = "order.json"\noutput = "out.json"\n', files);
  const order = { type: 'object', $defs: { a: {} }, $ref: '#/$defs/a' };
  expect([...schemas]).toEqual([['orders', { input: order, output: {} }]]);
  const functions = [
    { name: 'orders', signatureType: 'typed' },
    { name: 'other', signatureType: 'http' },
  ];
  expect(withSchemas(functions, schemas)).toEqual([{ ...functions[0], input: order, output: {} }, functions[1]]);
  expect(await failureOf(() => withSchemas(functions.slice(1), schemas))).toMatchSnapshot();
});

test('a project without any has none', async () => {
  expect([...(await read('[openfunction]\nname = "a"\n'))]).toEqual([]);
  expect([...(await readSchemas(makeFolder()))]).toEqual([]);
});

test.each([
  ['schemas = 1', {}],
  ['[schemas]\norders = "order.json"', {}],
  ['[schemas.orders]\nrequest = "order.json"', {}],
  ['[schemas.orders]\ninput = 1', {}],
  ['[schemas.orders]\ninput = "missing.json"', {}],
  ['[schemas.orders]\ninput = "../outside.json"', {}],
  ['[schemas.orders]\ninput = "order.json"', { 'order.json': '{' }],
  ['[schemas.orders]\ninput = "order.json"', { 'order.json': '[]' }],
  ['[schemas.orders]\ninput = "order.json"', { 'order.json': '{"allOf": [{"$ref": "base.json#/a"}]}' }],
  ['[schemas.orders]\ninput = "order.json"', { 'order.json': `{"title": "${'a'.repeat(33_000)}"}` }],
])('%s with %j is refused', async (toml, files) => {
  expect(await failureOf(() => read(toml, files))).toMatchSnapshot();
});
