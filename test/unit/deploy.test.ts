import { globSync, readFileSync } from 'node:fs';
import { basename, dirname, join, relative } from 'node:path';
import { loadAll } from 'js-yaml';
import { expect, test } from 'vitest';
import { ERROR_CODES } from '../../src/base/error.ts';
import { isTable, type Table } from '../../src/base/table.ts';
import { ROOT } from '../support/artefact.ts';
import { faultsOfResource } from '../support/kubernetes-schema.ts';
import { brokenRules } from '../support/pod-security.ts';
import { readStrategyResource, type StrategyResource } from '../support/tekton/strategy.ts';

const FILES = globSync('{deploy/**,samples/*}/*.yaml', { cwd: ROOT }).toSorted();
const RESOURCES = FILES.filter((file) => basename(file) !== 'kustomization.yaml');

const read = (file: string): readonly Table[] => loadAll(readFileSync(join(ROOT, file), 'utf8')).filter(isTable);
const readStrategy = (file: string): StrategyResource => readStrategyResource(join(ROOT, 'deploy/shipwright', file));
const specOf = (table: Table): Table => table['spec'] as Table;

/** The pod that a resource describes, whatever wraps it. */
function podOf(resource: Table): Table | undefined {
  const spec = specOf(resource);
  switch (resource['kind']) {
    case 'ClusterBuildStrategy':
    case 'BuildStrategy':
      // Its users and groups are those of the steps.
      return { containers: spec['steps'], volumes: spec['volumes'], securityContext: spec['securityContext'] };
    case 'Deployment':
    case 'Service':
      return isTable(spec['template']) ? specOf(spec['template']) : undefined;
    case 'Function':
      return (spec['serving'] as Table)['template'] as Table | undefined;
    default:
      return undefined;
  }
}

test.each(RESOURCES)('%s is as the schemas of its kinds want it', (file) => {
  expect(read(file).flatMap(faultsOfResource)).toEqual([]);
});

const PODS = RESOURCES.filter((file) => file.startsWith('deploy/')).flatMap((file) =>
  read(file).flatMap((resource) => {
    const pod = podOf(resource);
    return pod === undefined ? [] : [[file, pod] as const];
  }),
);

test.each(PODS)('%s keeps the Pod Security Standard "restricted"', (_, pod) => {
  expect(brokenRules(pod, pod['containers'] as readonly Table[])).toEqual([]);
});

test.each(FILES.filter((file) => basename(file) === 'kustomization.yaml'))('%s names files that are there', (file) => {
  const [{ resources } = {}] = read(file);
  const names = (resources as readonly string[]).map((name) => relative(ROOT, join(ROOT, dirname(file), name)));
  expect(names.filter((name) => !FILES.includes(name))).toEqual([]);
});

test('a schema finds what is wrong', () => {
  const [build] = read('deploy/samples/shipwright/build.yaml');
  expect(faultsOfResource({ ...build, metadata: { nam: 'x' }, spec: { strategi: {} } })).toMatchInlineSnapshot(`
    [
      "/metadata must NOT have additional properties {"additionalProperty":"nam"}",
      "/spec must have required property 'output' {"missingProperty":"output"}",
      "/spec must have required property 'strategy' {"missingProperty":"strategy"}",
      "/spec must NOT have additional properties {"additionalProperty":"strategi"}",
    ]
  `);
});

test('the strategies of a cluster and of a namespace are the same', () => {
  const [cluster, namespace] = [readStrategy('cluster-build-strategy.yaml'), readStrategy('build-strategy.yaml')];
  expect({ ...namespace, kind: 'ClusterBuildStrategy' }).toEqual(cluster);
});

test('a strategy mounts what it has, and volumes of secrets can only be read', () => {
  const { volumes = [], steps = [] } = readStrategy('cluster-build-strategy.yaml').spec;
  const mounts = steps.flatMap(({ volumeMounts = [] }) => volumeMounts);
  expect(mounts.map(({ name }) => name).toSorted()).toEqual(volumes.map(({ name }) => name).toSorted());
  expect(mounts.filter(({ readOnly }) => readOnly).map(({ name }) => name)).toEqual(['bindings']);
  expect(volumes.flatMap(({ name, overridable }) => (overridable ? name : []))).toEqual(['cache', 'bindings', 'sbom']);
});

test('the script of a strategy has no value of a parameter in it', () => {
  const { steps = [] } = readStrategy('cluster-build-strategy.yaml').spec;
  expect(steps[0]?.args?.[0]).not.toMatch(/\$\(|\$\$/);
});

test('docs/kubernetes.md has every parameter of the strategy with its default, and no other', () => {
  const page = readFileSync(join(ROOT, 'docs/kubernetes.md'), 'utf8');
  const table = page.slice(page.indexOf('| parameter '), page.indexOf("Of the container's variables"));
  const rows = [...table.matchAll(/^\| `([\w-]+)` +\| (?:`(.*?)`|none|the builder's) /gm)].map(
    ([, name, value = '']) => `${name}=${value}`,
  );
  const { parameters = [] } = readStrategy('cluster-build-strategy.yaml').spec;
  expect(rows.toSorted()).toEqual(parameters.map((one) => `${one.name}=${one.default ?? ''}`).toSorted());
});

test('docs/kubernetes.md names codes that there are', () => {
  const page = readFileSync(join(ROOT, 'docs/kubernetes.md'), 'utf8');
  const codes = [...page.matchAll(/`(OFN-[A-Z-]+[A-Z])`/g)].map(([, code]) => code ?? '');
  expect(codes.filter((code) => !(code in ERROR_CODES))).toEqual([]);
});
