import { expect, test } from 'vitest';
import { knativeResource } from '../../../../src/cli/generate/knative-resource.ts';
import { faultsOfResource } from '../../../support/kubernetes-schema.ts';
import { brokenRules } from '../../../support/pod-security.ts';
import { resourceRequest, servedFunction } from '../../../support/resource-request.ts';

test('the Service of Knative, which keeps the Pod Security Standard "restricted"', () => {
  const resource = knativeResource(servedFunction(), resourceRequest({ registrySecret: 'registry' }));
  expect(resource).toMatchSnapshot();
  expect(faultsOfResource(resource)).toEqual([]);
  const pod = resource.spec.template.spec;
  expect(brokenRules(pod, pod.containers)).toEqual([]);
});

test('a function that only messages call is refused, one that requests call as well is not', () => {
  const inputs = [{ name: 'created', component: 'shop' }];
  const byMessages = { name: 'onOrder', signatureType: 'openfunction' };
  const only = servedFunction({ functions: [byMessages], inputs });
  expect(() => knativeResource(only, resourceRequest())).toThrowErrorMatchingSnapshot();
  const both = servedFunction({ functions: [byMessages, ...servedFunction().functions], inputs });
  expect(faultsOfResource(knativeResource(both, resourceRequest()))).toEqual([]);
});
