import { join } from 'node:path';
import { load } from 'js-yaml';
import { expect, test } from 'vitest';
import { ROOT } from '../support/artefact.ts';
import { serveRepository } from '../support/cluster/git.ts';
import { makeNamespace } from '../support/cluster/namespace.ts';
import { textOfStrategy } from '../support/tekton/strategy.ts';

const TEXT = textOfStrategy(join(ROOT, 'test/fixtures/strategies/openfunction.yaml'));

/** Builds that give the strategy its two parameters, in each way there is, and what Shipwright says. */
const BUILDS = [
  {
    version: 'v1beta1',
    source: (url: string) => ({ type: 'Git', git: { url } }),
    given: {
      paramValues: [
        { name: 'BUILDER_IMAGE', value: 'openfunction/builder-node' },
        { name: 'CONTEXT_DIR', value: '.' },
      ],
    },
    says: 'The following parameters are restricted and cannot be set: BUILDER_IMAGE, CONTEXT_DIR',
  },
  {
    version: 'v1alpha1',
    source: (url: string) => ({ url }),
    given: { builder: { image: 'openfunction/builder-node' } },
    says: 'The following parameters are not defined in the build strategy: builder-image',
  },
] as const;

/** ADR 28: should one learn to, the other tests need to declare no parameters any more. */
test.each(BUILDS)("a Build of $version can't run OpenFunction's strategy as it is", async (row) => {
  const name = `openfunction-as-it-is-${row.version}`;
  const { kubectl, apply } = await makeNamespace(name, 'privileged');
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- a manifest of Kubernetes
  await apply({ ...(load(TEXT) as object), metadata: { name } });
  const { url } = await serveRepository(join(ROOT, 'samples/hello-commonjs'));
  const strategy = { name, kind: 'ClusterBuildStrategy' };
  const spec = { source: row.source(url), strategy, output: { image: 'hello' }, ...row.given };
  await apply({ apiVersion: `shipwright.io/${row.version}`, kind: 'Build', metadata: { name: 'hello' }, spec });
  await kubectl(['wait', 'build/hello', '--for=jsonpath={.status.registered}=False', '--timeout=60s']);
  expect(await kubectl(['get', 'build', 'hello', '--output=jsonpath={.status.message}'])).toBe(row.says);
});
