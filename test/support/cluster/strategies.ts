import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { REGISTRY } from '../../../scripts/cluster/places.ts';
import { ROOT } from '../artefact.ts';

/** Where the lifecycle finds the run image: it asks the registry of the cluster, not containerd. */
const RUN_IMAGE = `${REGISTRY}/openfunction/run-node:24`;
const FUNCTION = 'hello';

/** A build strategy, and what a Build with it says. */
export interface Strategy {
  /** Of the strategy's object. */
  readonly name: string;
  readonly kind: 'BuildStrategy' | 'ClusterBuildStrategy';
  /** The text of the object. */
  readonly read: () => Promise<string>;
  /** What the namespace of its builds allows: the least that it works with. */
  readonly standard: 'privileged' | 'restricted';
  /** What a Build has for the function `hello` besides source, output and the strategy's name. */
  readonly build: { readonly env?: readonly object[]; readonly paramValues?: readonly object[] };
  /** What the status of a BuildRun says of a function with a syntax error: reason and message. */
  readonly failure: RegExp;
}

const NAMED = { name: 'FUNC_NAME', value: FUNCTION };
const OURS = {
  name: 'openfunction-node',
  standard: 'restricted',
  build: { env: [NAMED], paramValues: [{ name: 'run-image', value: RUN_IMAGE }] },
  failure: /^OFN-FUNC-SYNTAX: .*index\.js/s,
} as const;
const UPSTREAM = {
  kind: 'ClusterBuildStrategy',
  standard: 'privileged',
  build: { env: [NAMED, { name: 'CNB_RUN_IMAGE', value: RUN_IMAGE }] },
  failure: /^undefined: /,
} as const;

/** Ours, and those of others that projects build with today. */
export const STRATEGIES: readonly Strategy[] = [
  { ...OURS, kind: 'BuildStrategy', read: async () => text('deploy/shipwright/build-strategy.yaml') },
  { ...OURS, kind: 'ClusterBuildStrategy', read: async () => text('deploy/shipwright/cluster-build-strategy.yaml') },
  { ...UPSTREAM, name: 'buildpacks-v3', read: async () => text('test/fixtures/strategies/buildpacks-v3.yaml') },
  {
    ...UPSTREAM,
    name: 'buildpacks-v3-heroku',
    read: async () => text('test/fixtures/strategies/buildpacks-v3-heroku.yaml'),
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

/** Without the lines of Helm, and with the image that Shipwright since 0.13 has no parameter for any more. */
async function readOpenFunction(): Promise<string> {
  const chart = await text('test/fixtures/strategies/openfunction.yaml');
  return chart
    .replaceAll(/^\s*(?:labels:\n)?\s*\{\{-.*\}\}\n?/gm, '')
    .replaceAll('$(params.BUILDER_IMAGE)', 'openfunction/builder-node');
}

async function text(path: string): Promise<string> {
  return readFile(join(ROOT, path), 'utf8');
}
