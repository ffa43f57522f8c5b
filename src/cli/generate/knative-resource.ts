import { FnError } from '../../base/error.ts';
import type { Table } from '../../base/table.ts';
import type { ResourceRequest } from './generate-command.ts';
import { CONTAINER_SECURITY } from './pod-security.ts';
import { callersOf, type ServedFunction } from './served-function.ts';

/** What a Service says of its pods. */
type PodSpec = {
  readonly imagePullSecrets?: readonly { readonly name: string }[];
  readonly containers: readonly Table[];
};

/** A Service of Knative Serving: https://knative.dev/docs/serving/services/creating-services/ */
interface KnativeService {
  readonly apiVersion: 'serving.knative.dev/v1';
  readonly kind: 'Service';
  readonly metadata: { readonly name: string };
  readonly spec: {
    readonly template: {
      readonly spec: PodSpec;
    };
  };
}

const PORT = 8080;

/** The Service that serves an image; OFN-CLI-ARGUMENT for functions that only messages of Dapr call. */
export function knativeResource(
  served: ServedFunction,
  { name, image, registrySecret }: ResourceRequest,
): KnativeService {
  if (!callersOf(served).requests) throw notByRequests(name);
  return {
    apiVersion: 'serving.knative.dev/v1',
    kind: 'Service',
    metadata: { name },
    spec: {
      template: {
        spec: {
          ...(registrySecret === undefined ? {} : { imagePullSecrets: [{ name: registrySecret }] }),
          containers: [
            {
              name: 'function',
              image,
              ports: [{ name: 'http1', containerPort: PORT }],
              securityContext: CONTAINER_SECURITY,
            },
          ],
        },
      },
    },
  };
}

function notByRequests(name: string): FnError {
  return new FnError(`Couldn't serve ${name} by Knative: messages of Dapr call it, and no requests.`, {
    code: 'OFN-CLI-ARGUMENT',
    hint: 'Use "ofn generate function", which OpenFunction serves beside a sidecar of Dapr.',
  });
}
