import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { makeSite } from '../../support/buildpack.ts';

test('a manifest has what the function takes, gives and reads; a script that did not run is named', async () => {
  const site = makeSite({
    'index.js': `require('./prices.js');\nexports.orders = (order) => ({ total: process.env.CURRENCY + order.id });\n`,
    'prices.js': 'const { PRICE_LIST } = process.env;',
    'package.json': '{"scripts": {"build": "exit 1"}}',
    'func.toml':
      '[openfunction]\nname = "orders"\ntype = "typed"\n[schemas.orders]\ninput = "order.json"\noutput = "receipt.json"\n',
    'order.json': '{"type": "object", "properties": {"id": {"type": "string"}}}',
    'receipt.json': '{"type": "object"}',
  });
  const { exitCode, output } = await site.build();
  expect({ exitCode, output }).toEqual({ exitCode: 0, output: expect.stringContaining('BP_NODE_RUN_SCRIPTS=build') });
  const manifest: unknown = JSON.parse(readFileSync(join(site.layers, 'function/manifest.json'), 'utf8'));
  expect(manifest).toMatchObject({
    functions: [
      {
        name: 'orders',
        signatureType: 'typed',
        input: { type: 'object', properties: { id: { type: 'string' } } },
        output: { type: 'object' },
      },
    ],
    environment: ['CURRENCY', 'PRICE_LIST'],
  });
});

test('a schema of a function that is not served fails the build', async () => {
  const site = makeSite({
    'index.js': 'exports.orders = (req, res) => res.end();',
    'func.toml': '[openfunction]\nname = "orders"\n[schemas.order]\ninput = "order.json"\n',
    'order.json': '{}',
  });
  const { exitCode, output } = await site.build();
  expect({ exitCode, output }).toEqual({
    exitCode: 1,
    output: expect.stringContaining('"schemas.order" is of no function that is served (orders)'),
  });
});
