import { expect, test } from 'vitest';
import { checkName, checkObject, resourceName } from '../../../../src/cli/generate/resource-name.ts';

test.each([
  ['api.hello', 'api-hello'],
  ['HTTPHello_2', 'httphello-2'],
  ['onOrder', 'on-order'],
  ['123', 'function'],
  ['a'.repeat(80), 'a'.repeat(50)],
])('%s is called %s in a cluster', (name, resource) => {
  expect(resourceName(name)).toBe(resource);
});

test.each(['Hello', 'a_b', '-a', 'a-', '1a', '', 'a'.repeat(51), 'a\nb'])('the name %j is refused', (name) => {
  expect(() => checkName(name)).toThrowErrorMatchingSnapshot();
});

test('secrets and claims are called as Kubernetes has them', () => {
  for (const name of [undefined, 'registry', '1.my-claim.x']) expect(checkObject('--cache', name)).toBe(name);
  for (const name of ['Bad Secret', 'Bad_Claim', '', '.a', 'a..b', 'a-', 'a'.repeat(254)])
    expect(() => checkObject('--cache', name)).toThrow('Kubernetes has nothing of that name');
});
