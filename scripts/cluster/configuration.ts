import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { stringify } from '@iarna/toml';
import { PAUSE } from './images.ts';
import { ADDRESS, PODS, REGISTRY, STATE } from './places.ts';

/** Where the configuration of each program is, by its name. */
export const CONFIGURATION = {
  registry: join(STATE, 'configuration/registry.json'),
  containerd: join(STATE, 'configuration/containerd.toml'),
  kubelet: join(STATE, 'configuration/kubelet.json'),
  proxy: join(STATE, 'configuration/proxy.json'),
} as const;

const NETWORKS = join(STATE, 'configuration/networks');
const REGISTRIES = join(STATE, 'configuration/registries');

/** Where containerd answers. */
export const CONTAINERD: string = join(STATE, 'containerd.sock');

/** Writes them; `certificates` is the folder of certificates. */
export async function writeConfigurations(certificates: string): Promise<void> {
  const files = {
    [CONFIGURATION.registry]: JSON.stringify(registry()),
    [CONFIGURATION.containerd]: stringify(containerd()),
    [CONFIGURATION.kubelet]: JSON.stringify(kubelet(certificates)),
    [CONFIGURATION.proxy]: JSON.stringify(proxy(certificates)),
    [join(NETWORKS, 'bridge.conflist')]: JSON.stringify(network()),
    // Images of all registries come from this one: https://github.com/containerd/containerd/blob/main/docs/hosts.md
    [join(REGISTRIES, '_default/hosts.toml')]: stringify({
      host: { [`http://${REGISTRY}`]: { capabilities: ['pull', 'resolve'] } },
    }),
    // Nobody answers there: pods find what they need by address.
    [join(STATE, 'resolv.conf')]: `nameserver ${ADDRESS}\n`,
  };
  for (const [file, text] of Object.entries(files)) {
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, text);
  }
}

/** https://distribution.github.io/distribution/about/configuration/ */
function registry(): object {
  return {
    version: 0.1,
    log: { level: 'warn' },
    storage: { filesystem: { rootdirectory: join(STATE, 'registry') } },
    http: { addr: REGISTRY },
  };
}

/** https://github.com/containerd/containerd/blob/release/1.6/docs/cri/config.md */
function containerd(): ReturnType<typeof JSON.parse> {
  const runc = { runtime_type: 'io.containerd.runc.v2', options: { SystemdCgroup: false } };
  return {
    version: 2,
    root: join(STATE, 'containerd'),
    state: '/run/containerd',
    grpc: { address: CONTAINERD },
    plugins: {
      'io.containerd.grpc.v1.cri': {
        sandbox_image: `${REGISTRY}/${PAUSE}:latest`,
        // A machine may lack the right to lower it: no pod would start.
        restrict_oom_score_adj: true,
        cni: { bin_dir: '/usr/lib/cni', conf_dir: NETWORKS },
        registry: { config_path: REGISTRIES },
        containerd: { runtimes: { runc } },
      },
    },
  };
}

/** https://www.cni.dev/plugins/current/main/bridge/ */
function network(): object {
  const ipam = {
    type: 'host-local',
    dataDir: join(STATE, 'addresses'),
    ranges: [[{ subnet: PODS }]],
    routes: [{ dst: '0.0.0.0/0' }],
  };
  return {
    cniVersion: '0.4.0',
    name: 'pods',
    plugins: [{ type: 'bridge', bridge: 'pods', isGateway: true, hairpinMode: true, ipam }],
  };
}

/** https://kubernetes.io/docs/reference/config-api/kubelet-config.v1beta1/ */
function kubelet(certificates: string): object {
  return {
    apiVersion: 'kubelet.config.k8s.io/v1beta1',
    kind: 'KubeletConfiguration',
    authentication: {
      anonymous: { enabled: false },
      x509: { clientCAFile: join(certificates, 'ca.crt') },
      webhook: { enabled: true },
    },
    authorization: { mode: 'Webhook' },
    cgroupDriver: 'cgroupfs',
    containerRuntimeEndpoint: `unix://${CONTAINERD}`,
    evictionHard: { 'memory.available': '100Mi', 'nodefs.available': '1%', 'imagefs.available': '1%' },
    failCgroupV1: false,
    failSwapOn: false,
    imageGCHighThresholdPercent: 100,
    podLogsDir: join(STATE, 'logs/pods'),
    registryPullQPS: 0,
    resolvConf: join(STATE, 'resolv.conf'),
    tlsCertFile: join(certificates, 'kubelet.crt'),
    tlsPrivateKeyFile: join(certificates, 'kubelet.key'),
  };
}

/** https://kubernetes.io/docs/reference/config-api/kube-proxy-config.v1alpha1/ */
function proxy(certificates: string): object {
  return {
    apiVersion: 'kubeproxy.config.k8s.io/v1alpha1',
    kind: 'KubeProxyConfiguration',
    mode: 'iptables',
    clusterCIDR: PODS,
    hostnameOverride: 'node',
    clientConnection: { kubeconfig: join(certificates, 'proxy.kubeconfig') },
    // The machine's own numbers stay as they are.
    conntrack: { maxPerCore: 0, min: 0, tcpEstablishedTimeout: '0s', tcpCloseWaitTimeout: '0s' },
  };
}
