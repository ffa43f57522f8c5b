import type { ManifestComponent } from '../../base/function-manifest.ts';
import type { BuildSource } from './build-source.ts';
import type { Table } from '../../base/table.ts';
import { BUILDER } from '../options.ts';
import { carryVariables } from './carried-variables.ts';
import type { ResourceRequest } from './generate-command.ts';
import { CONTAINER_SECURITY } from './pod-security.ts';
import { callersOf, type ServedFunction } from './served-function.ts';
import type { StrategyReference } from './strategy.ts';

/** A component of Dapr that calls a function, as OpenFunction refers to it. */
interface DaprTrigger {
  readonly name: string;
  readonly type?: string;
  readonly topic?: string;
  /** What the function calls it, where that is another name. */
  readonly inputName?: string;
}

/** A component of Dapr that a function sends to. */
interface DaprOutput extends Omit<DaprTrigger, 'inputName'> {
  readonly operation?: string;
  readonly metadata?: Readonly<Record<string, string>>;
  readonly outputName?: string;
}

/**
 * A Function as OpenFunction's controller takes it:
 * https://openfunction.dev/docs/reference/function-spec/
 */
interface FunctionResource {
  readonly apiVersion: 'core.openfunction.io/v1beta2';
  readonly kind: 'Function';
  readonly metadata: { readonly name: string };
  readonly spec: {
    readonly version?: string;
    readonly image: string;
    readonly imageCredentials?: { readonly name: string };
    readonly build?: {
      readonly builder: string;
      readonly env?: Readonly<Record<string, string>>;
      readonly srcRepo: {
        readonly url: string;
        readonly revision?: string;
        readonly sourceSubPath?: string;
        readonly credentials?: { readonly name: string };
      };
      readonly shipwright: { readonly strategy: StrategyReference };
    };
    readonly serving: {
      readonly triggers: {
        readonly http?: { readonly port: number };
        readonly dapr?: readonly DaprTrigger[];
      };
      readonly outputs?: readonly { readonly dapr: DaprOutput }[];
      readonly template: { readonly containers: readonly Table[] };
    };
  };
}

/** The longest version: with a function's name it is a part of names, which have 63 letters. */
const VERSION_LIMIT = 20;

/** A version as OpenFunction takes it: it becomes the value of a label, and a part of names. */
function versionName(version: string): string {
  const plain = version
    .toLowerCase()
    .replaceAll(/[^a-z0-9.-]+/g, '-')
    .replace(/^v?/, 'v');
  return plain.slice(0, VERSION_LIMIT).replace(/[.-]+$/, '');
}

/** The container that OpenFunction runs the image in. */
const CONTAINER = 'function';

/** The port of OpenFunction's gateway and of the image. */
const PORT = 8080;

/**
 * The Function that serves an image, or that builds it as well where there is a source: by HTTP, and by the messages of its
 * inputs where it takes some.
 */
export function functionResource(served: ServedFunction, request: ResourceRequest): FunctionResource {
  const { inputs, outputs, version } = served;
  const { name, image, registrySecret, source } = request;
  const callers = callersOf(served);
  return {
    apiVersion: 'core.openfunction.io/v1beta2',
    kind: 'Function',
    metadata: { name },
    spec: {
      ...(version === undefined ? {} : { version: versionName(version) }),
      image,
      ...(registrySecret === undefined ? {} : { imageCredentials: { name: registrySecret } }),
      ...(source === undefined ? {} : { build: buildOf(source, request) }),
      serving: {
        triggers: {
          ...(callers.requests ? { http: { port: PORT } } : {}),
          ...(callers.messages ? { dapr: inputs.map(triggerOf) } : {}),
        },
        ...(outputs.length === 0 ? {} : { outputs: outputs.map((one) => ({ dapr: outputOf(one) })) }),
        template: { containers: [{ name: CONTAINER, securityContext: CONTAINER_SECURITY }] },
      },
    },
  };
}

function buildOf(
  { url, revision, contextDir }: BuildSource,
  { builder = BUILDER, strategy, variables, gitSecret }: ResourceRequest,
): NonNullable<FunctionResource['spec']['build']> {
  const env = carryVariables(variables, strategy, 'Function');
  return {
    builder,
    ...(Object.keys(env).length === 0 ? {} : { env }),
    srcRepo: {
      url,
      ...(revision === undefined ? {} : { revision }),
      ...(contextDir === undefined ? {} : { sourceSubPath: contextDir }),
      ...(gitSecret === undefined ? {} : { credentials: { name: gitSecret } }),
    },
    shipwright: { strategy },
  };
}

function triggerOf({ name, component, type, topic }: ManifestComponent): DaprTrigger {
  return {
    name: component,
    ...(type === undefined ? {} : { type }),
    ...(topic === undefined ? {} : { topic }),
    ...(name === component ? {} : { inputName: name }),
  };
}

function outputOf(one: ManifestComponent): DaprOutput {
  const { inputName, ...reference } = triggerOf(one);
  const { operation, metadata } = one;
  return {
    ...reference,
    ...(operation === undefined ? {} : { operation }),
    ...(metadata === undefined ? {} : { metadata }),
    ...(inputName === undefined ? {} : { outputName: inputName }),
  };
}
