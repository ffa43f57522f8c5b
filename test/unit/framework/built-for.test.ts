import { expect, test } from 'vitest';
import { refuseOtherAbi } from '../../../src/framework/built-for.ts';
import { failureOf } from '../../support/failure.ts';

const BUILT_FOR = { abi: '137', nativeModule: 'node_modules/a/build/Release/a.node' };

test('a Node.js of the same ABI is fine', () => {
  expect(() => refuseOtherAbi(BUILT_FOR, { node: '24.99.0', modules: '137' })).not.toThrow();
});

test('a Node.js of another ABI is refused', async () => {
  expect(await failureOf(() => refuseOtherAbi(BUILT_FOR, { node: '26.10.0', modules: '147' }))).toMatchInlineSnapshot(`
    "ERROR [OFN-NODE-ABI] Couldn't start on Node.js 26.10.0: node_modules/a/build/Release/a.node was compiled for the module ABI 137, and this Node.js has 147.

    Build the function again for the new run image; a rebase can change Node.js within its release line alone."
  `);
});
