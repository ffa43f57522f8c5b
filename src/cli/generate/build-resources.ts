import { FnError } from '../../base/error.ts';
import { BUILDER } from '../options.ts';
import { carryVariables } from './carried-variables.ts';
import type { ResourceRequest } from './generate-command.ts';
import { OWN_STRATEGY, type StrategyReference } from './strategy.ts';

/** A Build of Shipwright: https://shipwright.io/docs/build/build/ */
interface BuildResource {
  readonly apiVersion: 'shipwright.io/v1beta1';
  readonly kind: 'Build';
  readonly metadata: { readonly name: string };
  readonly spec: {
    readonly source?: {
      readonly type: 'Git';
      readonly git: { readonly url: string; readonly revision?: string; readonly cloneSecret?: string };
      readonly contextDir?: string;
    };
    readonly strategy: StrategyReference;
    readonly paramValues?: readonly { readonly name: string; readonly value: string }[];
    readonly env?: readonly { readonly name: string; readonly value: string }[];
    readonly volumes?: readonly object[];
    readonly output: { readonly image: string; readonly pushSecret?: string };
  };
}

/** A BuildRun of Shipwright: https://shipwright.io/docs/build/buildrun/ */
interface BuildRunResource {
  readonly apiVersion: 'shipwright.io/v1beta1';
  readonly kind: 'BuildRun';
  readonly metadata: { readonly name: string };
  readonly spec: { readonly build: { readonly name: string } };
}

/** The strategy that OpenFunction brings; it reads a parameter of its controller's instead of `spec.env`. */
const OF_OPENFUNCTION = 'openfunction';

/** Strategies of Shipwright's that have no volume for a cache: a Build that names one is not registered. */
const WITHOUT_CACHE: ReadonlySet<string> = new Set(['buildpacks-v3', 'buildpacks-v3-heroku']);

/** What strategies of Shipwright's need besides: buildpacks-v3 runs as a user that the lifecycle has to be told of. */
const NEEDED: ReadonlyMap<string, Readonly<Record<string, string>>> = new Map([
  ['buildpacks-v3', { CNB_USER_ID: '1001' }],
]);

/** The Build of a function's image, and the first BuildRun of it. */
export function buildResources(request: ResourceRequest): readonly [BuildResource, BuildRunResource] {
  const { name, strategy } = request;
  if (strategy.name === OF_OPENFUNCTION) throw notOfBuilds(strategy.name);
  if (request.builder !== undefined && strategy.name !== OWN_STRATEGY) throw withoutBuilder(strategy.name);
  if (request.variables['HOME'] !== undefined) throw withHome();
  if (request.cache !== undefined && WITHOUT_CACHE.has(strategy.name)) throw withoutCache(strategy.name);
  return [
    { apiVersion: 'shipwright.io/v1beta1', kind: 'Build', metadata: { name }, spec: specOf(request) },
    {
      apiVersion: 'shipwright.io/v1beta1',
      kind: 'BuildRun',
      metadata: { name: `${name}-1` },
      spec: { build: { name } },
    },
  ];
}

function specOf(request: ResourceRequest): BuildResource['spec'] {
  const { image, source, strategy, builder = BUILDER, registrySecret, gitSecret, cache } = request;
  const needed = NEEDED.get(strategy.name);
  const env = Object.entries(carryVariables({ ...needed, ...request.variables }, strategy, 'Build'));
  return {
    ...(source === undefined
      ? {}
      : {
          source: {
            type: 'Git',
            git: {
              url: source.url,
              ...(source.revision === undefined ? {} : { revision: source.revision }),
              ...(gitSecret === undefined ? {} : { cloneSecret: gitSecret }),
            },
            ...(source.contextDir === undefined ? {} : { contextDir: source.contextDir }),
          },
        }),
    strategy,
    // Strategies of others have their builder in themselves.
    ...(strategy.name === OWN_STRATEGY ? { paramValues: [{ name: 'builder-image', value: builder }] } : {}),
    ...(env.length === 0 ? {} : { env: env.map(([variable, value]) => ({ name: variable, value })) }),
    ...(cache === undefined ? {} : { volumes: [{ name: 'cache', persistentVolumeClaim: { claimName: cache } }] }),
    output: { image, ...(registrySecret === undefined ? {} : { pushSecret: registrySecret }) },
  };
}

function notOfBuilds(strategy: string): FnError {
  return new FnError(`Couldn't make a Build for the strategy "${strategy}": it is for Functions.`, {
    code: 'OFN-CLI-ARGUMENT',
    hint: 'Use "ofn generate function", or leave out --strategy.',
  });
}

function withoutBuilder(strategy: string): FnError {
  return new FnError(
    `Couldn't make a Build with another builder: the strategy "${strategy}" has its own in its text.`,
    {
      code: 'OFN-CLI-ARGUMENT',
      hint: 'Leave out --builder and name it in the strategy, or leave out --strategy: that of deploy/shipwright takes any.',
    },
  );
}

function withHome(): FnError {
  return new FnError("Couldn't make a Build with the variable HOME: Shipwright refuses it.", {
    code: 'OFN-CLI-ARGUMENT',
    hint: 'Leave it out, or give it in FUNC_ENV_B64URL, which "ofn env HOME=..." prints.',
  });
}

function withoutCache(strategy: string): FnError {
  return new FnError(`Couldn't make a Build with a cache: the strategy "${strategy}" has no volume for it.`, {
    code: 'OFN-CLI-ARGUMENT',
    hint: 'Leave out --cache, or leave out --strategy: that of deploy/shipwright has one.',
  });
}
