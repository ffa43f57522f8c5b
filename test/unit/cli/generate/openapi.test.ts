import { Validator } from '@seriousme/openapi-schema-validator';
import { expect, test } from 'vitest';
import type { Table } from '../../../../src/base/table.ts';
import { openApi } from '../../../../src/cli/generate/openapi.ts';
import type { ServedFunction } from '../../../../src/cli/generate/served-function.ts';
import { failureOf } from '../../../support/failure.ts';

const NONE = { inputs: [], outputs: [], version: undefined };
const ORDER = {
  type: 'object',
  properties: { id: { $ref: '#/$defs/id' }, parent: { $ref: '#' } },
  $defs: { id: { type: 'string' } },
};

/** A description that OpenAPI's own schema allows. */
async function described(served: Omit<ServedFunction, 'inputs' | 'outputs'> & Partial<ServedFunction>): Promise<Table> {
  const document = openApi({ ...NONE, ...served }, { name: 'shop' });
  const { valid, errors } = await new Validator().validate({ ...document });
  expect(errors ?? []).toEqual([]);
  expect(valid).toBe(true);
  return document;
}

test('a function with schemas, whose references lead to where they are now', async () => {
  const orders = { name: 'orders', signatureType: 'typed', input: ORDER, output: { type: 'array' } };
  expect(await described({ functions: [orders], version: '1.2.3' })).toMatchSnapshot();
});

test('paths with parameters and methods, several functions of one path', async () => {
  const functions = [
    { name: 'read', signatureType: 'http', path: '/orders/:id', methods: ['GET'] },
    { name: 'change', signatureType: 'http', path: '/orders/{id}', methods: ['PUT', 'PATCH'] },
    { name: 'files', signatureType: 'http', path: '/files/*' },
    { name: 'plain', signatureType: 'http' },
  ];
  expect(await described({ functions, version: undefined })).toMatchSnapshot();
});

test('paths that differ in the names of parameters are one, with the names of the first; who is asked first is described', async () => {
  const functions = [
    { name: 'read', signatureType: 'http', path: '/orders/:id/lines/:id', methods: ['GET', 'PURGE'] },
    { name: 'change', signatureType: 'http', path: '/orders/{key}/lines/*', methods: ['GET', 'POST'] },
    { name: 'all', signatureType: 'http', path: '/orders/*', methods: ['GET'] },
    { name: 'other', signatureType: 'http', path: '/orders/:other', methods: ['PUT'] },
  ];
  const { paths } = await described({ functions, version: undefined });
  expect(paths).toMatchObject({
    '/orders/{id}/lines/{id2}': {
      parameters: [{ name: 'id' }, { name: 'id2' }],
      get: { operationId: 'read' },
      post: { operationId: 'post-change' },
    },
    '/orders/{rest}': { get: { operationId: 'all' }, put: { operationId: 'other' } },
  });
  expect(Object.keys(Object(paths))).toHaveLength(2);
});

test('names that a schema gives its parts are places in the description; what has an identity is left as it is', async () => {
  const tree = {
    $dynamicAnchor: 'node',
    properties: { leaf: { $ref: '#leaf' }, next: { $dynamicRef: '#node' } },
    $defs: { 'a/b': [{ $anchor: 'leaf', type: 'string' }] },
  };
  const apart = { properties: { a: { $id: 'https://example.com/a', $ref: '#/$defs/b', $defs: { b: {} } } } };
  const functions = [{ name: 'orders', signatureType: 'typed', input: tree, output: apart }];
  const here = '#/components/schemas/orders.input';
  expect(openApi({ ...NONE, functions }, { name: 'shop' })['components']).toEqual({
    schemas: {
      'orders.input': {
        properties: { leaf: { $ref: `${here}/$defs/a~1b/0` }, next: { $dynamicRef: here } },
        $defs: { 'a/b': [{ type: 'string' }] },
      },
      'orders.output': apart,
    },
  });
  const both = { $ref: '#order', $defs: { order: { $anchor: 'order', type: 'object' } } };
  await described({
    functions: [{ name: 'both', signatureType: 'typed', input: both, output: both }],
    version: undefined,
  });
});

test('a function of events takes CloudEvents, with its input as their data', async () => {
  const functions = [
    { name: 'created', signatureType: 'cloudevent', input: { $id: 'https://example.com/a', $ref: '#' } },
  ];
  expect(await described({ functions, version: undefined })).toMatchSnapshot();
});

test('functions that messages call are not described, and alone refused', async () => {
  const onOrder = { name: 'onOrder', signatureType: 'openfunction' };
  const inputs = [{ name: 'created', component: 'shop' }];
  const both = await described({
    functions: [onOrder, { name: 'web', signatureType: 'http' }],
    inputs,
    version: undefined,
  });
  expect(both).toMatchObject({ paths: { '/web': {} } });
  expect(await described({ functions: [onOrder], version: undefined })).toMatchObject({ paths: { '/': {} } });
  const alone = { ...NONE, functions: [onOrder], inputs };
  expect(await failureOf(() => openApi(alone, { name: 'shop' }))).toMatchSnapshot();
});
