import { join } from 'node:path';
import { REGISTRY } from '../../../scripts/cluster/places.ts';
import { ROOT } from '../artefact.ts';
import { textOfStrategy } from '../tekton/strategy.ts';

/** Where the lifecycle finds the run image: it asks the registry of the cluster, not containerd. */
export const RUN_IMAGE = `${REGISTRY}/openfunction/run-node:24`;
const BUILDER = 'openfunction/builder-node';
const FUNCTION = 'hello';

/** A build strategy, and what a Build with it says. */
export interface Strategy {
  /** Of the strategy's object. */
  readonly name: string;
  readonly kind: 'BuildStrategy' | 'ClusterBuildStrategy';
  /** The text of the object. */
  readonly read: () => string;
  /** What the namespace of its builds allows: the least that it works with. */
  readonly standard: 'privileged' | 'restricted';
  /** What a Build has for the function `hello` besides source, output and the strategy's name. */
  readonly build: { readonly env?: readonly object[]; readonly paramValues?: readonly object[] };
}

const NAMED = { name: 'FUNC_NAME', value: FUNCTION };
const OURS = {
  name: 'openfunction-node',
  standard: 'restricted',
  build: { env: [NAMED], paramValues: [{ name: 'run-image', value: RUN_IMAGE }] },
} as const;
const UPSTREAM = {
  kind: 'ClusterBuildStrategy',
  standard: 'privileged',
  build: { env: [NAMED, { name: 'CNB_RUN_IMAGE', value: RUN_IMAGE }] },
} as const;

/** Ours, and those of others that projects build with today. */
export const STRATEGIES: readonly Strategy[] = [
  { ...OURS, kind: 'BuildStrategy', read: ours('build-strategy.yaml') },
  { ...OURS, kind: 'ClusterBuildStrategy', read: ours('cluster-build-strategy.yaml') },
  {
    ...UPSTREAM,
    name: 'buildpacks-v3',
    read: others('buildpacks-v3.yaml'),
    // It runs as user 1001.
    build: { env: [...UPSTREAM.build.env, { name: 'CNB_USER_ID', value: '1001' }] },
  },
  {
    ...UPSTREAM,
    name: 'buildpacks-v3-heroku',
    read: others('buildpacks-v3-heroku.yaml'),
  },
  {
    ...UPSTREAM,
    name: 'openfunction',
    read: readOpenFunction,
    build: {
      paramValues: [
        { name: 'ENV_VARS', value: `FUNC_NAME=${FUNCTION}#` },
        { name: 'RUN_IMAGE', value: RUN_IMAGE },
      ],
    },
  },
];

function ours(file: string): () => string {
  return () => textOfStrategy(join(ROOT, 'deploy/shipwright', file));
}

function others(file: string): () => string {
  return () => textOfStrategy(join(ROOT, 'test/fixtures/strategies', file));
}

/** Shipwright has had no parameters BUILDER_IMAGE and CONTEXT_DIR of its own since v1beta1: they are declared. */
function readOpenFunction(): string {
  const declared = [
    { name: 'BUILDER_IMAGE', description: 'The builder.', default: BUILDER },
    { name: 'CONTEXT_DIR', description: 'The folder of the function.', default: '.' },
  ].map((parameter) => `  - ${JSON.stringify(parameter)}\n`);
  return others('openfunction.yaml')().replace('\n  parameters:\n', `$&${declared.join('')}`);
}
