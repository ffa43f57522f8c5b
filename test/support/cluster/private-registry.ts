import { execa } from 'execa';
import { onTestFinished } from 'vitest';
import { ADDRESS, REGISTRY } from '../../../scripts/cluster/places.ts';
import { startRegistry } from '../../../scripts/registry.ts';
import { dockerConfig, HTPASSWD, LOGIN } from '../image-login.ts';
import type { Namespace } from './namespace.ts';

/** An image registry that asks for a name and a password, which pods of the cluster reach. */
export interface PrivateRegistry {
  /** Host and port. */
  readonly address: string;
  /** What an image there is, as `skopeo inspect` says it. */
  inspect(image: string): Promise<{ readonly Digest: string; readonly Labels: Readonly<Record<string, string>> }>;
  /** Copies an image to the registry that the node takes images from, under its own name, which it gives. */
  publish(image: string): Promise<string>;
}

/** Starts one for the time of the test; the secret `secret` of the namespace has name and password. */
export async function startPrivateRegistry({ apply }: Namespace, secret: string): Promise<PrivateRegistry> {
  const registry = await startRegistry(HTPASSWD, ADDRESS);
  const { address } = registry;
  onTestFinished(() => registry.stop());
  await apply({
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: { name: secret },
    type: 'kubernetes.io/dockerconfigjson',
    stringData: { '.dockerconfigjson': dockerConfig(address) },
  });
  return {
    address,
    inspect: async (image) => {
      const args = ['inspect', '--tls-verify=false', '--creds', LOGIN, `docker://${image}`];
      return JSON.parse((await execa('skopeo', args)).stdout);
    },
    publish: async (image) => {
      const open = image.replace(address, REGISTRY);
      const how = ['--quiet', '--src-tls-verify=false', '--dest-tls-verify=false', '--src-creds', LOGIN];
      await execa('skopeo', ['copy', ...how, `docker://${image}`, `docker://${open}`]);
      return open;
    },
  };
}
