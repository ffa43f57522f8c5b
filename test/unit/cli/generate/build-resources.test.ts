import { expect, test } from 'vitest';
import { buildResources } from '../../../../src/cli/generate/build-resources.ts';
import { faultsOfResource } from '../../../support/kubernetes-schema.ts';
import { BUILD_SOURCE, resourceRequest, strategyOf } from '../../../support/resource-request.ts';

test('a Build with all that can be said, and its BuildRun', () => {
  const resources = buildResources(
    resourceRequest({
      source: BUILD_SOURCE,
      variables: { FUNC_NAME: 'hello', NODE_OPTIONS: '--max-old-space-size=512', PRICE: '$(cat) $$' },
      registrySecret: 'registry',
      gitSecret: 'git',
      cache: 'hello-cache',
    }),
  );
  expect(resources).toMatchSnapshot();
  expect(resources.flatMap(faultsOfResource)).toEqual([]);
});

test('a Build with nothing but its source, by a strategy of others', () => {
  const source = { url: BUILD_SOURCE.url, revision: undefined, contextDir: undefined };
  const resources = buildResources(resourceRequest({ source, strategy: strategyOf('buildpacks-v3') }));
  expect(resources[0].spec).toMatchSnapshot();
  expect(resources.flatMap(faultsOfResource)).toEqual([]);
});

test('the strategy of OpenFunction, to which a Build can tell no variables, is refused', () => {
  expect(() =>
    buildResources(resourceRequest({ strategy: strategyOf('openfunction') })),
  ).toThrowErrorMatchingSnapshot();
});

test('another builder is refused where a strategy has its own', () => {
  const request = resourceRequest({ strategy: strategyOf('buildpacks-v3'), builder: 'me/builder:1' });
  expect(() => buildResources(request)).toThrowErrorMatchingSnapshot();
  expect(buildResources(resourceRequest({ builder: 'me/builder:1' }))[0].spec.paramValues).toEqual([
    { name: 'builder-image', value: 'me/builder:1' },
  ]);
});

test.each(['buildpacks-v3', 'buildpacks-v3-heroku'])('a cache for %s, which has none, is refused', (name) => {
  const request = resourceRequest({ strategy: strategyOf(name), cache: 'hello-cache' });
  expect(() => buildResources(request)).toThrow('has no volume for it');
});

test('buildpacks-v3 is told of the user that it runs as, HOME is refused', () => {
  const by = (name: string): unknown =>
    buildResources(resourceRequest({ strategy: strategyOf(name), variables: { FUNC_NAME: 'hello' } }))[0].spec.env;
  expect(by('buildpacks-v3')).toEqual([
    { name: 'CNB_USER_ID', value: '1001' },
    { name: 'FUNC_NAME', value: 'hello' },
  ]);
  expect(by('buildpacks-v3-heroku')).toEqual([{ name: 'FUNC_NAME', value: 'hello' }]);
  expect(() => buildResources(resourceRequest({ variables: { HOME: '/x' } }))).toThrowErrorMatchingSnapshot();
});
