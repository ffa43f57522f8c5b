import { join } from 'node:path';
import { CONFIGURATION } from './configuration.ts';
import { ADDRESS, SERVICES, STATE } from './places.ts';

/** A program of the node, by its name in PATH, and its options. */
export interface Component {
  readonly program: string;
  readonly args: readonly string[];
}

/** What needs nothing else to start; `certificates` is the folder of certificates. */
export function serversOf(certificates: string): Component[] {
  return [
    { program: 'docker-registry', args: ['serve', CONFIGURATION.registry] },
    { program: 'containerd', args: ['--config', CONFIGURATION.containerd] },
    etcd(),
    apiserver(certificates),
  ];
}

/** What gives up unless the API server is ready for it. */
export function clientsOf(certificates: string): Component[] {
  return [
    controllerManager(certificates),
    { program: 'kube-scheduler', args: [...kubeconfigs(certificates, 'scheduler'), '--leader-elect=false'] },
    kubelet(certificates),
    { program: 'kube-proxy', args: [`--config=${CONFIGURATION.proxy}`] },
  ];
}

function etcd(): Component {
  const client = 'http://127.0.0.1:2379';
  const args = [
    `--data-dir=${join(STATE, 'etcd')}`,
    `--listen-client-urls=${client}`,
    `--advertise-client-urls=${client}`,
    '--log-level=warn',
    // Nothing outlives the node.
    '--unsafe-no-fsync',
  ];
  // The name that Go gives to go.etcd.io/etcd/server/v3.
  return { program: 'server', args };
}

function apiserver(certificates: string): Component {
  const file = (name: string): string => join(certificates, name);
  const args = [
    '--etcd-servers=http://127.0.0.1:2379',
    `--advertise-address=${ADDRESS}`,
    `--service-cluster-ip-range=${SERVICES.range}`,
    '--allow-privileged=true',
    '--authorization-mode=Node,RBAC',
    '--enable-admission-plugins=NodeRestriction',
    `--client-ca-file=${file('ca.crt')}`,
    `--tls-cert-file=${file('apiserver.crt')}`,
    `--tls-private-key-file=${file('apiserver.key')}`,
    '--service-account-issuer=https://kubernetes.default.svc',
    `--service-account-key-file=${file('accounts.pub')}`,
    `--service-account-signing-key-file=${file('accounts.key')}`,
    `--kubelet-client-certificate=${file('admin.crt')}`,
    `--kubelet-client-key=${file('admin.key')}`,
    `--kubelet-certificate-authority=${file('ca.crt')}`,
    '--kubelet-preferred-address-types=InternalIP',
  ];
  return { program: 'kube-apiserver', args };
}

function controllerManager(certificates: string): Component {
  const args = [
    ...kubeconfigs(certificates, 'controller-manager'),
    `--service-account-private-key-file=${join(certificates, 'accounts.key')}`,
    `--root-ca-file=${join(certificates, 'ca.crt')}`,
    '--use-service-account-credentials=true',
    '--leader-elect=false',
  ];
  return { program: 'kube-controller-manager', args };
}

function kubelet(certificates: string): Component {
  const args = [
    `--config=${CONFIGURATION.kubelet}`,
    `--kubeconfig=${join(certificates, 'kubelet.kubeconfig')}`,
    `--root-dir=${join(STATE, 'kubelet')}`,
    '--hostname-override=node',
    `--node-ip=${ADDRESS}`,
  ];
  return { program: 'kubelet', args };
}

function kubeconfigs(certificates: string, caller: string): string[] {
  const file = join(certificates, `${caller}.kubeconfig`);
  return [`--kubeconfig=${file}`, `--authentication-kubeconfig=${file}`, `--authorization-kubeconfig=${file}`];
}
