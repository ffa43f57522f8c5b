import { join } from 'node:path';
import { load } from 'js-yaml';
import { describe, expect, test } from 'vitest';
import { REGISTRY } from '../../scripts/cluster/places.ts';
import { ROOT } from '../support/artefact.ts';
import { note, runBuild } from '../support/cluster/build.ts';
import { callFunction } from '../support/cluster/function-pod.ts';
import { type GitRepository, serveRepository } from '../support/cluster/git.ts';
import { makeNamespace, type Namespace } from '../support/cluster/namespace.ts';
import { STRATEGIES, type Strategy } from '../support/cluster/strategies.ts';

/** What a test has to build with a strategy. */
interface Workplace {
  readonly namespace: Namespace;
  readonly repository: GitRepository;
  /** The image that the Build `hello` makes. */
  readonly image: string;
}

/** A function whose failure is longer than what Kubernetes keeps of a container, in letters that take six bytes there. */
const BROKEN = "throw new Error('<&>'.repeat(2000));\n";

/** A namespace with the strategy, and a Build of a sample in a repository of its own. */
async function makeWorkplace({ name, kind, read, standard, build }: Strategy, test: string): Promise<Workplace> {
  const namespace = await makeNamespace(`${name}-${kind.toLowerCase()}-${test}`, standard);
  const repository = await serveRepository(join(ROOT, 'samples/hello-commonjs'));
  const image = `${REGISTRY}/${namespace.name}/hello`;
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- a manifest of Kubernetes
  await namespace.apply(load(read()) as object);
  const source = { type: 'Git', git: { url: repository.url } };
  const spec = { source, strategy: { name, kind }, output: { image }, ...build };
  await namespace.apply({ apiVersion: 'shipwright.io/v1beta1', kind: 'Build', metadata: { name: 'hello' }, spec });
  return { namespace, repository, image };
}

describe.each(STRATEGIES)('$kind $name, in a namespace that is $standard', (strategy) => {
  test('builds a function that answers, and takes layers over when it builds again', async () => {
    const { namespace, repository, image } = await makeWorkplace(strategy, 'twice');
    const called = `${strategy.kind} ${strategy.name}`;
    const first = await runBuild(namespace.kubectl, 'hello', `${called}: first build`);
    expect(first).toMatchObject({ succeeded: true, digest: expect.stringMatching(/^sha256:[0-9a-f]{64}$/) });
    expect(first.log).toContain("Adding layer 'openfunction/node-function:");
    const began = performance.now();
    expect(await callFunction(namespace, 'first', `${image}@${first.digest}`)).toBe('Hello, World!\n');
    await note(`${called}: pod that answers`, began);
    await repository.commit('index.js', "exports.hello = (req, res) => res.end('Hello again');\n");
    const second = await runBuild(namespace.kubectl, 'hello', `${called}: second build`);
    expect(second.succeeded).toBe(true);
    expect(second.log).toContain("Reusing layer 'openfunction/node-function:");
    expect(await callFunction(namespace, 'second', `${image}@${second.digest}`)).toBe('Hello again');
  });

  test('fails with our code in the status of the BuildRun where the function is broken', async () => {
    const { namespace, repository } = await makeWorkplace(strategy, 'broken');
    await repository.commit('index.js', BROKEN);
    const what = `${strategy.kind} ${strategy.name}: build that fails`;
    const { succeeded, log, failure } = await runBuild(namespace.kubectl, 'hello', what);
    expect(succeeded).toBe(false);
    expect(log).toContain('ERROR [OFN-FUNC-LOAD]');
    expect(failure).toEqual({
      reason: 'OFN-FUNC-LOAD',
      message: expect.stringMatching(
        /^Provided module can't be loaded\.[^]*\n\[\.\.\.\]\n[^]*BP_FUNCTION_CHECK=off\.$/,
      ),
    });
  });
});
