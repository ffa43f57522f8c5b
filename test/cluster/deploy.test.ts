import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { loadAll } from 'js-yaml';
import { expect, test } from 'vitest';
import { REGISTRY } from '../../scripts/cluster/places.ts';
import { ROOT } from '../support/artefact.ts';
import { runBuild } from '../support/cluster/build.ts';
import { serveRepository } from '../support/cluster/git.ts';
import { makeNamespace, type Namespace } from '../support/cluster/namespace.ts';
import { RUN_IMAGE } from '../support/cluster/strategies.ts';
import { provideVolume } from '../support/cluster/volume.ts';

/** An object of the samples, as far as tests change it. */
interface Sample {
  readonly kind: string;
  readonly metadata: { readonly name: string };
  readonly spec: Readonly<Record<string, unknown>>;
}

/** The objects of a kustomization, by `change` as this cluster wants them: none, or another one. */
async function applySamples(
  { kubectl, apply }: Namespace,
  folder: string,
  change: (sample: Sample) => object | undefined,
): Promise<void> {
  const text = await kubectl(['kustomize', join(ROOT, 'deploy', folder)]);
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- manifests of Kubernetes
  for (const sample of loadAll(text) as Sample[]) {
    const changed = change(sample);
    if (changed !== undefined) await apply(changed);
  }
}

test.each(['shipwright', 'samples/shipwright', 'samples/plain'])(
  'the API server takes deploy/%s as it is',
  async (folder) => {
    const { kubectl } = await makeNamespace(`taken-${folder.replace('/', '-')}`, 'restricted');
    const answer = await kubectl(['apply', '--dry-run=server', '--kustomize', join(ROOT, 'deploy', folder)]);
    expect(answer).toContain(' (server dry run)');
  },
);

test('the API server takes the samples that no kustomization has', async () => {
  const { kubectl } = await makeNamespace('taken-others', 'restricted');
  const files = ['npm-secret', 'build-with-bindings'].map(
    (name) => `--filename=${join(ROOT, `deploy/samples/shipwright/${name}.yaml`)}`,
  );
  expect(await kubectl(['apply', '--dry-run=server', ...files])).toContain('build.shipwright.io/hello-private created');
});

test('the sample for Shipwright builds with its cache, and the one for plain Kubernetes serves the image', async () => {
  const namespace = await makeNamespace('samples', 'restricted');
  const { kubectl } = namespace;
  const { url } = await serveRepository(join(ROOT, 'samples/hello-typescript'), 'samples/hello-typescript');
  const cache = await provideVolume(namespace, 'hello-cache');
  const image = `${REGISTRY}/samples/hello`;
  await kubectl(['apply', '--kustomize', join(ROOT, 'deploy/shipwright')]);
  await applySamples(namespace, 'samples/shipwright', (sample) => {
    if (sample.kind === 'BuildRun') return undefined;
    if (sample.kind !== 'Build') return sample;
    const source = { type: 'Git', git: { url }, contextDir: 'samples/hello-typescript' };
    const paramValues = [{ name: 'run-image', value: RUN_IMAGE }];
    return { ...sample, spec: { ...sample.spec, source, paramValues, output: { image } } };
  });
  const built = await runBuild(kubectl, 'hello', 'deploy/samples/shipwright: build with a cache');
  expect(built).toMatchObject({ succeeded: true, failure: {} });
  expect(await readdir(cache)).toContain('committed');
  await applySamples(namespace, 'samples/plain', (sample) =>
    JSON.parse(JSON.stringify(sample).replaceAll('registry.example.com/me/hello', image)),
  );
  await kubectl(['wait', 'deployment/hello', '--for=condition=Available', '--timeout=120s']);
  const address = await kubectl(['get', 'service', 'hello', '--output=jsonpath={.spec.clusterIP}']);
  // kube-proxy hears of the pods after the Deployment does.
  const call = async (): Promise<unknown> => (await fetch(`http://${address}/?name=cluster`)).json();
  await expect.poll(call, { timeout: 30_000 }).toMatchObject({ message: 'Hello, cluster!' });
});
