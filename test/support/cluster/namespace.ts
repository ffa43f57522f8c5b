import { onTestFinished } from 'vitest';
import { type Kubectl, kubectlWith } from '../../../scripts/cluster/kubectl.ts';

/** A namespace of the cluster that the tests run in, until the test ends. */
export interface Namespace {
  readonly name: string;
  /** kubectl in it. */
  readonly kubectl: Kubectl;
  readonly apply: (object: object) => Promise<void>;
}

/** Makes one; `standard` is the Pod Security Standard that it enforces. */
export async function makeNamespace(name: string, standard: 'privileged' | 'restricted'): Promise<Namespace> {
  const kubeconfig = process.env['KUBECONFIG'];
  if (kubeconfig === undefined) throw new Error('There is no cluster: run "make test-cluster".');
  const everywhere = kubectlWith(kubeconfig);
  const kubectl: Kubectl = async (args, input) => everywhere([`--namespace=${name}`, ...args], input);
  const apply = async (object: object): Promise<void> => {
    await kubectl(['apply', '--server-side', '--filename=-'], JSON.stringify(object));
  };
  const labels = { 'pod-security.kubernetes.io/enforce': standard };
  await apply({ apiVersion: 'v1', kind: 'Namespace', metadata: { name, labels } });
  onTestFinished(async () => {
    await everywhere(['delete', 'namespace', name, '--wait=false']);
  });
  return { name, kubectl, apply };
}
