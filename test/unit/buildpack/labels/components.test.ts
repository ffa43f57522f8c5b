import { expect, test } from 'vitest';
import { readComponents } from '../../../../src/buildpack/labels/components.ts';
import { failureOf } from '../../../support/failure.ts';
import { makeFolder } from '../../../support/workspace.ts';

const read = (toml: string) => readComponents(makeFolder({ 'func.toml': toml }));

test('inputs and outputs of func.toml, by their names', async () => {
  expect(
    await read(`[outputs.b]
type = "bindings.kafka"
operation = "create"
metadata = { key = "k" }
[outputs.a]
[inputs.created]
component = "shop"
topic = "orders"
`),
  ).toEqual({
    inputs: [{ name: 'created', component: 'shop', topic: 'orders' }],
    outputs: [
      { name: 'a', component: 'a' },
      { name: 'b', component: 'b', type: 'bindings.kafka', operation: 'create', metadata: { key: 'k' } },
    ],
  });
  expect(await readComponents(makeFolder())).toEqual({ inputs: [], outputs: [] });
});

test.each([
  'inputs = "created"',
  'inputs.created = "orders"',
  '[inputs.created]\noperation = "create"',
  '[outputs.a]\ntopic = 1',
  '[outputs.a]\nmetadata = "k"',
  '[outputs.a]\nmetadata = { key = 1 }',
])('%s is refused', async (toml) => {
  expect(await failureOf(() => read(toml))).toMatchSnapshot();
});

test("the project's own func.toml wins over that of the root, side by side", async () => {
  const folder = (toml: string): string => makeFolder({ 'func.toml': toml });
  const own = folder('[inputs.a]\ntype = "bindings.cron"\n');
  const root = folder('[inputs.b]\ntype = "bindings.cron"\n[outputs.c]\ntype = "bindings.redis"\n');
  const { inputs, outputs } = await readComponents(own, root, makeFolder());
  expect([inputs.map(({ name }) => name), outputs.map(({ name }) => name)]).toEqual([['a'], ['c']]);
});
