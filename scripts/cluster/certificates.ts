import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { read } from '../command.ts';
import { ADDRESS, SERVICES } from './places.ts';

/** Who may be what: https://kubernetes.io/docs/setup/best-practices/certificates/ */
const SUBJECTS = {
  apiserver: { name: 'kube-apiserver', group: 'kubernetes', hosts: [`IP:${ADDRESS}`, `IP:${SERVICES.kubernetes}`] },
  admin: { name: 'admin', group: 'system:masters', hosts: [] },
  'controller-manager': { name: 'system:kube-controller-manager', group: 'kubernetes', hosts: [] },
  scheduler: { name: 'system:kube-scheduler', group: 'kubernetes', hosts: [] },
  kubelet: { name: 'system:node:node', group: 'system:nodes', hosts: [`IP:${ADDRESS}`, 'DNS:node'] },
  proxy: { name: 'system:kube-proxy', group: 'kubernetes', hosts: [] },
  'shipwright-webhook': {
    name: 'shp-build-webhook',
    group: 'kubernetes',
    hosts: ['DNS:shp-build-webhook.shipwright-build.svc'],
  },
} as const;

/** Whose certificate. */
export type Subject = keyof typeof SUBJECTS;

/** Those who call the API server. */
const CALLERS = ['admin', 'controller-manager', 'scheduler', 'kubelet', 'proxy'] as const satisfies readonly Subject[];

const NEW_KEY = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes'];

/**
 * Makes an authority (`ca.crt`), certificates that it signed (`<subject>.crt`, `.key`), the key of service accounts
 * (`accounts.key`, `.pub`) and what callers of the API server need (`<subject>.kubeconfig`), all in `folder`.
 */
export async function makeCertificates(folder: string): Promise<void> {
  const openssl = async (args: readonly string[]): Promise<unknown> => read('openssl', args, { cwd: folder });
  await openssl(['req', '-x509', ...NEW_KEY, '-keyout', 'ca.key', '-out', 'ca.crt', '-days', '2', '-subj', '/CN=ca']);
  for (const [subject, { name, group, hosts }] of Object.entries(SUBJECTS)) {
    const signed = ['-CA', 'ca.crt', '-CAkey', 'ca.key', '-days', '2', '-keyout', `${subject}.key`];
    const usage = ['extendedKeyUsage=serverAuth,clientAuth', 'basicConstraints=CA:FALSE'];
    const named = hosts.length === 0 ? [] : [`subjectAltName=${hosts.join(',')}`];
    const extensions = [...usage, ...named].flatMap((extension) => ['-addext', extension]);
    const which = ['-subj', `/O=${group}/CN=${name}`, '-out', `${subject}.crt`];
    await openssl(['req', '-x509', ...signed, ...NEW_KEY, ...which, ...extensions]);
  }
  await openssl(['genrsa', '-out', 'accounts.key', '2048']);
  await openssl(['rsa', '-in', 'accounts.key', '-pubout', '-out', 'accounts.pub']);
  for (const caller of CALLERS) {
    await writeFile(join(folder, `${caller}.kubeconfig`), JSON.stringify(kubeconfigOf(folder, caller)));
  }
}

/** https://kubernetes.io/docs/reference/config-api/kubeconfig.v1/ */
function kubeconfigOf(folder: string, caller: Subject): object {
  const file = (name: string): string => join(folder, name);
  const cluster = { server: `https://${ADDRESS}:6443`, 'certificate-authority': file('ca.crt') };
  const user = { 'client-certificate': file(`${caller}.crt`), 'client-key': file(`${caller}.key`) };
  return {
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [{ name: 'cluster', cluster }],
    users: [{ name: caller, user }],
    contexts: [{ name: caller, context: { cluster: 'cluster', user: caller } }],
    'current-context': caller,
  };
}
