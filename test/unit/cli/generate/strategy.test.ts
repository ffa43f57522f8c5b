import { expect, test } from 'vitest';
import { readStrategy } from '../../../../src/cli/generate/strategy.ts';

test.each([
  ['openfunction-node', 'ClusterBuildStrategy'],
  ['BuildStrategy/openfunction-node', 'BuildStrategy'],
  ['buildstrategy/openfunction-node', 'BuildStrategy'],
  ['clusterbuildstrategy/openfunction-node', 'ClusterBuildStrategy'],
])('%s is a %s', (text, kind) => {
  expect(readStrategy(text)).toEqual({ name: 'openfunction-node', kind });
});

test.each(['', 'Deployment/x', 'a b', 'BuildStrategy/', '/x', 'a/b/c'])('the strategy %j is refused', (text) => {
  expect(() => readStrategy(text)).toThrowErrorMatchingSnapshot();
});
