import type { FunctionManifest, ManifestComponent } from '../base/function-manifest.ts';

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
    readonly serving: {
      readonly triggers: {
        readonly http?: { readonly port: number };
        readonly dapr?: readonly DaprTrigger[];
      };
      readonly outputs?: readonly { readonly dapr: DaprOutput }[];
    };
  };
}

/** Where a Function's image comes from. */
interface FunctionImage {
  readonly image: string;
  /** Of the resource; the function's own where nobody says. */
  readonly name: string | undefined;
  /** The image's version, when it has one. */
  readonly version: string | undefined;
}

/** The port of OpenFunction's gateway and of the image. */
const PORT = 8080;

/** Signatures of which functions can be called by messages. */
const BY_MESSAGES: ReadonlySet<string> = new Set(['openfunction', 'cloudevent']);

/** The Function that serves an image: by HTTP, and by the messages of its inputs where it takes some. */
export function functionResource(
  manifest: FunctionManifest,
  { image, name, version }: FunctionImage,
): FunctionResource {
  const { functions, inputs, outputs } = manifest;
  const takesMessages = inputs.length > 0 && functions.some(({ signatureType }) => BY_MESSAGES.has(signatureType));
  const takesRequests = !takesMessages || functions.some(({ signatureType }) => !BY_MESSAGES.has(signatureType));
  return {
    apiVersion: 'core.openfunction.io/v1beta2',
    kind: 'Function',
    metadata: { name: name ?? resourceName(functions[0]?.name ?? 'function') },
    spec: {
      ...(version === undefined ? {} : { version: version.startsWith('v') ? version : `v${version}` }),
      image,
      serving: {
        triggers: {
          ...(takesRequests ? { http: { port: PORT } } : {}),
          ...(takesMessages ? { dapr: inputs.map(triggerOf) } : {}),
        },
        ...(outputs.length === 0 ? {} : { outputs: outputs.map((one) => ({ dapr: outputOf(one) })) }),
      },
    },
  };
}

/** A name that Kubernetes allows, made of a function's: https://kubernetes.io/docs/concepts/overview/working-with-objects/names/ */
function resourceName(name: string): string {
  const parts = name
    .replaceAll(/([a-z0-9])([A-Z])/g, '$1-$2')
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-');
  return (
    parts
      .replace(/^[^a-z]+/, '')
      .slice(0, 50)
      .replace(/-+$/, '') || 'function'
  );
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
