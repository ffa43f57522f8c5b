import { execa } from 'execa';
import { FAILSAFE_SCHEMA, load } from 'js-yaml';
import { expect, test } from 'vitest';
import { artefact } from '../../support/artefact.ts';
import { storeOf } from '../../support/image-store.ts';
import { layoutOf, tarOf } from '../../support/layout.ts';

const MANIFEST = {
  schemaVersion: 1,
  functions: [{ name: 'onOrder', signatureType: 'openfunction' }],
  exports: ['onOrder'],
  inputs: [{ name: 'created', component: 'shop', topic: 'orders' }],
  outputs: [],
  runtime: { framework: '1.0.0', node: '24.21.0' },
};

/** Runs ofn where its image store has one image with these labels, and no engine is asked. */
async function generate(labels: Record<string, string>, ...args: string[]) {
  const layout = layoutOf([await tarOf({ 'hello.txt': 'hello' })], () => {}, labels);
  const cache = storeOf('me/hello:1', layout);
  const command = ['generate', 'function', 'me/hello:1', '--engine', 'none', ...args];
  const env = { PATH: process.env['PATH'], HOME: cache, OFN_CACHE_DIR: cache };
  const options = { env, extendEnv: false, reject: false } as const;
  return execa('node', [artefact('dist/cli/index.js'), ...command], options);
}

test('ofn generate function prints the Function resource of an image', async () => {
  const labels = {
    'io.openfunction.function': JSON.stringify(MANIFEST),
    'org.opencontainers.image.version': '1.2.3',
  };
  const { stdout, exitCode } = await generate(labels, '--name', 'orders');
  expect(stdout).toMatchInlineSnapshot(`
    "apiVersion: core.openfunction.io/v1beta2
    kind: Function
    metadata:
      name: orders
    spec:
      version: v1.2.3
      image: me/hello:1
      serving:
        triggers:
          dapr:
            - name: shop
              topic: orders
              inputName: created"
  `);
  expect(exitCode).toBe(0);
  expect(load(stdout, { schema: FAILSAFE_SCHEMA })).toMatchObject({ kind: 'Function', metadata: { name: 'orders' } });
});

test('an image without a manifest is refused', async () => {
  const { stdout, stderr, exitCode } = await generate({});
  expect({ stdout, stderr, exitCode }).toMatchInlineSnapshot(`
    {
      "exitCode": 1,
      "stderr": "ERROR [OFN-IMAGE-MANIFEST] Couldn't read what me/hello:1 serves: it has no label io.openfunction.function that can be read.

    Build it with ofn build, or with the builder openfunction/builder-node, of the version of this ofn.",
      "stdout": "",
    }
  `);
});
