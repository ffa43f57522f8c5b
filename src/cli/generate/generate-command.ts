import { resolve } from 'node:path';
import { dump } from 'js-yaml';
import { FnError } from '../../base/error.ts';
import { isFolder } from '../../base/path-kind.ts';
import { parseReference, parseTarget } from '../../oci/reference.ts';
import { readVariables } from '../build-request.ts';
import type { EngineChoice } from '../engine.ts';
import type { Terminal } from '../terminal.ts';
import { buildResources } from './build-resources.ts';
import { findBuildSource, type BuildSource, type GitOptions } from './build-source.ts';
import { functionResource } from './function-resource.ts';
import { knativeResource } from './knative-resource.ts';
import { openApi } from './openapi.ts';
import { checkName, checkObject, resourceName } from './resource-name.ts';
import { OWN_STRATEGY, readStrategy, type StrategyReference } from './strategy.ts';
import { functionOfImage, type FunctionOfFolder, type ServedFunction } from './served-function.ts';

/** The options of `ofn generate`. */
export interface GenerateOptions extends GitOptions {
  readonly name?: string;
  /** Folder of the function, to read instead of the image. */
  readonly source?: string;
  readonly env: readonly string[];
  readonly registrySecret?: string;
  readonly gitSecret?: string;
  readonly builder?: string;
  readonly strategy?: string;
  /** The claim of a volume that keeps the cache. */
  readonly cache?: string;
  readonly engine: EngineChoice;
}

/** What resources are made of besides the function. */
export interface ResourceRequest {
  /** Of the resources. */
  readonly name: string;
  readonly image: string;
  /** Where the image is built from; undefined where it is built by something else. */
  readonly source: BuildSource | undefined;
  /** Variables of the build. */
  readonly variables: Readonly<Record<string, string>>;
  readonly registrySecret: string | undefined;
  readonly gitSecret: string | undefined;
  /** Undefined for ours. */
  readonly builder: string | undefined;
  readonly strategy: StrategyReference;
  readonly cache: string | undefined;
}

/** What can be generated. */
export type GenerateKind = 'function' | 'build' | 'knative' | 'openapi';

/** The resources of each kind, and whether they say how the image is built. */
const KINDS: Readonly<
  Record<
    GenerateKind,
    {
      readonly builds: boolean;
      readonly make: (served: ServedFunction, request: ResourceRequest) => readonly object[];
    }
  >
> = {
  function: { builds: true, make: (served, request) => [functionResource(served, request)] },
  build: { builds: true, make: (_, request) => buildResources(request) },
  knative: { builds: false, make: (served, request) => [knativeResource(served, request)] },
  openapi: { builds: false, make: (served, request) => [openApi(served, request)] },
};

/** `ofn generate`: prints resources of Kubernetes for the function of an image or of a folder, as YAML. */
export async function generate(
  kind: GenerateKind,
  image: string,
  options: GenerateOptions,
  terminal: Terminal,
  functionOfFolder: FunctionOfFolder,
): Promise<number> {
  const { builds, make } = KINDS[kind];
  const { repository } = builds && options.source !== undefined ? parseTarget(image) : parseReference(image);
  const variables = readVariables(options.env);
  const folder = options.source === undefined ? undefined : needFolder(options.source, terminal);
  const served =
    folder === undefined
      ? await functionOfImage(image, options.engine, terminal)
      : await functionOfFolder(folder, variables);
  const resources = make(served, {
    image,
    name:
      options.name === undefined
        ? resourceName(served.functions[0]?.name ?? repository.split('/').at(-1) ?? '')
        : checkName(options.name),
    source: builds && folder !== undefined ? await findBuildSource(folder, options, terminal) : undefined,
    variables,
    registrySecret: checkObject('--registry-secret', options.registrySecret),
    gitSecret: checkObject('--git-secret', options.gitSecret),
    builder: options.builder,
    strategy: readStrategy(options.strategy ?? OWN_STRATEGY),
    cache: checkObject('--cache', options.cache),
  });
  terminal.stdout.write(resources.map((resource) => dump(resource)).join('---\n'));
  return 0;
}

function needFolder(path: string, { cwd }: Terminal): string {
  const folder = resolve(cwd, path);
  if (isFolder(folder)) return folder;
  throw new FnError(`Couldn't read the function: "${path}" is not a folder.`, {
    code: 'OFN-CLI-ARGUMENT',
    hint: 'Give the folder of the function with --source.',
  });
}
