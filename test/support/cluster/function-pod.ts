import type { Namespace } from './namespace.ts';

const PORT = 8080;

/** Runs an image of a function as a pod that "restricted" allows, calls it and gives what it answered. */
export async function callFunction({ kubectl, apply }: Namespace, name: string, image: string): Promise<string> {
  const container = {
    name: 'function',
    image,
    ports: [{ containerPort: PORT }],
    readinessProbe: { httpGet: { path: '/', port: PORT }, periodSeconds: 1 },
    securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: ['ALL'] }, readOnlyRootFilesystem: true },
  };
  const securityContext = { runAsNonRoot: true, seccompProfile: { type: 'RuntimeDefault' } };
  const spec = { containers: [container], securityContext };
  await apply({ apiVersion: 'v1', kind: 'Pod', metadata: { name }, spec });
  await kubectl(['wait', `pod/${name}`, '--for=condition=Ready', '--timeout=120s']);
  const address = await kubectl(['get', 'pod', name, '--output=jsonpath={.status.podIP}']);
  const response = await fetch(`http://${address}:${PORT}/`);
  return response.text();
}
