import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { load } from 'js-yaml';
import { expect, test } from 'vitest';
import { ADDRESS } from '../../scripts/cluster/places.ts';
import { startAcme } from '../support/acme.ts';
import { ROOT } from '../support/artefact.ts';
import { runBuild } from '../support/cluster/build.ts';
import { callFunction } from '../support/cluster/function-pod.ts';
import { serveRepository } from '../support/cluster/git.ts';
import { makeNamespace, type Namespace } from '../support/cluster/namespace.ts';
import { startPrivateRegistry } from '../support/cluster/private-registry.ts';
import { RUN_IMAGE } from '../support/cluster/strategies.ts';
import { provideVolume } from '../support/cluster/volume.ts';
import { json } from '../support/shape.ts';
import { makeFolder } from '../support/workspace.ts';

const PACKAGES = [{ name: '@acme/greeting', files: { 'index.js': "module.exports = 'hello from a package';\n" } }];
const APP = {
  'package.json': json({ name: 'app', private: true, dependencies: { '@acme/greeting': '1.0.0' } }),
  'index.js': "exports.hello = (req, res) => res.end(require('@acme/greeting'));\n",
};
const TARBALL = 'GET /@acme/greeting/-/greeting-1.0.0.tgz';
/** What the lifecycle says where packages come from the cache: an image before this one has none of them. */
const RESTORED = 'Restoring data for "openfunction/node-function:downloads" from cache';

/** The object of a sample. */
async function sampleOf(file: string): Promise<Record<string, unknown>> {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- a manifest of Kubernetes
  return load(await readFile(join(ROOT, 'deploy/samples/shipwright', file), 'utf8')) as Record<string, unknown>;
}

/** A registry of packages of the scope @acme, whose token and authority the secrets `npm` and `ca` have. */
async function startPackages({ apply }: Namespace) {
  const { registry, bindings } = await startAcme(PACKAGES, ADDRESS);
  const npm = { type: bindings['npm/type'], '.npmrc': bindings['npm/.npmrc'] };
  await apply({ ...(await sampleOf('npm-secret.yaml')), stringData: npm });
  const ca = { type: bindings['ca/type'], 'acme.pem': bindings['ca/acme.pem'] };
  await apply({ apiVersion: 'v1', kind: 'Secret', metadata: { name: 'ca' }, stringData: ca });
  return registry;
}

test('a build gets packages by projected secrets, sends its image with a password, and finds its cache again', async () => {
  const namespace = await makeNamespace('private', 'restricted');
  const { kubectl, apply } = namespace;
  await kubectl(['apply', '--server-side', '--kustomize', join(ROOT, 'deploy/shipwright')]);
  const packages = await startPackages(namespace);
  const registry = await startPrivateRegistry(namespace, 'registry');
  const { url } = await serveRepository(makeFolder(APP));
  await provideVolume(namespace, 'hello-cache');
  await apply(await sampleOf('cache.yaml'));
  const sample = await sampleOf('build-with-bindings.yaml');
  const { volumes, ...spec } = sample['spec'] as Record<string, unknown>;
  const [bindings] = volumes as [{ name: string; projected: { sources: readonly object[] } }];
  const items = [
    { key: 'type', path: 'ca/type' },
    { key: 'acme.pem', path: 'ca/acme.pem' },
  ];
  const sources = [...bindings.projected.sources, { secret: { name: 'ca', items } }];
  const cache = { name: 'cache', persistentVolumeClaim: { claimName: 'hello-cache' } };
  const build = async (name: string): Promise<string> => {
    const image = `${registry.address}/me/${name}`;
    await apply({
      ...sample,
      metadata: { name },
      spec: {
        ...spec,
        source: { type: 'Git', git: { url } },
        paramValues: [{ name: 'run-image', value: RUN_IMAGE }],
        volumes: [{ name: 'bindings', projected: { sources } }, cache],
        output: { ...(spec['output'] as object), image },
      },
    });
    return image;
  };
  const image = await build('first');
  const first = await runBuild(kubectl, 'first', 'deploy/samples/shipwright: build with bindings');
  expect(first).toMatchObject({ succeeded: true, failure: {} });
  expect(first.digest).toBe((await registry.inspect(image)).Digest);
  expect(await callFunction(namespace, 'hello', await registry.publish(image))).toBe('hello from a package');
  // An image of another name has no image before it: what it takes over is the cache's.
  await build('second');
  const second = await runBuild(kubectl, 'second', 'deploy/samples/shipwright: build from the cache alone');
  expect(second.log).toContain(RESTORED);
  expect(second.digest).toBe(first.digest);
  expect(packages.answered.filter((line) => line === TARBALL)).toEqual([TARBALL]);
});

test("OpenFunction's builds run by our strategy: variables, credentials, and a cache in an image", async () => {
  const namespace = await makeNamespace('openfunction-builds', 'restricted');
  const { kubectl, apply } = namespace;
  await kubectl(['apply', '--server-side', '--kustomize', join(ROOT, 'deploy/shipwright')]);
  const { authority, ...packages } = await startPackages(namespace);
  const registry = await startPrivateRegistry(namespace, 'registry');
  const npmrc = `@acme:registry=${packages.url}\n${packages.key}:_authToken=\${NPM_TOKEN}\ncafile=authority.pem\n`;
  const { url } = await serveRepository(makeFolder({ ...APP, '.npmrc': npmrc, 'authority.pem': authority }));
  const note = `it's "a" > b & c=d=e`;
  const variables = { FUNC_NAME: 'hello', NPM_TOKEN: 'a-token-of-a-test', FUNC_LABEL_NOTE: note, CNB_EXEC_ENV: 'test' };
  /** As its controller makes one: https://github.com/OpenFunction/OpenFunction/blob/v1.2.0/pkg/core/builder/shipwright/builderrun.go */
  const build = async (name: string): Promise<string> => {
    const image = `${registry.address}/me/${name}`;
    const params = {
      ENV_VARS: Object.entries(variables)
        .map((entry) => `${entry.join('=')}#`)
        .join(''),
      'run-image': RUN_IMAGE,
      'cache-image': `${registry.address}/me/cache`,
    };
    const spec = {
      source: { url },
      strategy: { name: 'openfunction-node', kind: 'ClusterBuildStrategy' },
      builder: { image: 'openfunction/builder-node:latest' },
      paramValues: Object.entries(params).map(([name, value]) => ({ name, value })),
      output: { image, credentials: { name: 'registry' } },
    };
    await apply({ apiVersion: 'shipwright.io/v1alpha1', kind: 'Build', metadata: { name }, spec });
    return image;
  };
  const image = await build('first');
  const first = await runBuild(kubectl, 'first', "OpenFunction's build by our strategy", 'v1alpha1');
  expect(first).toMatchObject({ succeeded: true, failure: {} });
  const { Labels } = await registry.inspect(image);
  expect(Object.values(Labels)).toContain(note);
  expect(Labels['io.buildpacks.exec-env']).toBe('test');
  await build('second');
  const second = await runBuild(kubectl, 'second', "OpenFunction's build from the cache image alone", 'v1alpha1');
  expect(second.log).toContain(RESTORED);
  expect(second.digest).toBe(first.digest);
});
