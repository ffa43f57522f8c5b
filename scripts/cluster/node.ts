import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, open, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { read } from '../command.ts';
import { clientsOf, type Component, serversOf } from './components.ts';
import { makeCertificates } from './certificates.ts';
import { writeConfigurations } from './configuration.ts';
import { listImages } from './images.ts';
import { type Kubectl, kubectlWith } from './kubectl.ts';
import { REGISTRY, STATE } from './places.ts';

const LOGS = join(STATE, 'logs');
const PATIENCE = 120_000;

/** A node that takes pods. */
export interface Node {
  /** The folder of its certificates. */
  readonly certificates: string;
  readonly kubectl: Kubectl;
}

/**
 * Starts etcd, the control plane, containerd, the kubelet and a registry that has the images of the cluster and `images`
 * (by their names: `openfunction/builder-node:latest`), and waits until the node is ready. They end with this machine's
 * process 1: nobody else has to stop them.
 */
export async function startNode(images: ReadonlyMap<string, string>): Promise<Node> {
  const certificates = join(STATE, 'certificates');
  for (const folder of [LOGS, certificates]) await mkdir(folder, { recursive: true });
  await makeCertificates(certificates);
  await writeConfigurations(certificates);
  const failure = Promise.withResolvers<never>();
  const launch = (components: readonly Component[]): void => {
    for (const component of components) void start(component).then(failure.reject, failure.reject);
  };
  const kubectl = kubectlWith(join(certificates, 'admin.kubeconfig'));
  const becomeReady = async (): Promise<void> => {
    await until('the API server', async () => (await kubectl(['get', '--raw=/readyz'])) === 'ok');
    launch(clientsOf(certificates));
    await until('the node', async () => (await kubectl(['get', 'nodes', '--output=name'])) !== '');
    await kubectl(['wait', 'node/node', '--for=condition=Ready', '--timeout=120s']);
  };
  launch(serversOf(certificates));
  await Promise.race([failure.promise, Promise.all([fillRegistry(images), becomeReady()])]);
  // From here on a component that ends is a failure of what needs it, told in its log.
  failure.promise.catch(() => undefined);
  return { certificates, kubectl };
}

/** Runs it, in a session of its own, and gives what there is to say when it ends: it should not. */
async function start({ program, args }: Component): Promise<Error> {
  const file = join(LOGS, `${program}.log`);
  const log = await open(file, 'w');
  const child = spawn(program, args, { detached: true, stdio: ['ignore', log.fd, log.fd] });
  await log.close();
  await once(child, 'exit');
  const lines = (await readFile(file, 'utf8')).trimEnd().split('\n');
  return new Error(`${program} ended with ${child.exitCode ?? child.signalCode}:\n${lines.slice(-20).join('\n')}`);
}

async function fillRegistry(images: ReadonlyMap<string, string>): Promise<void> {
  await until('the registry', async () => (await fetch(`http://${REGISTRY}/v2/`)).ok);
  for (const [name, folder] of [...(await listImages()), ...images]) {
    const args = ['copy', '--quiet', '--preserve-digests', '--dest-tls-verify=false'];
    await read('skopeo', [...args, `oci:${folder}`, `docker://${REGISTRY}/${name}`]);
  }
}

/** Asks until the answer is yes; a failure is a no. */
async function until(what: string, ask: () => Promise<boolean>): Promise<void> {
  const deadline = Date.now() + PATIENCE;
  while (!(await ask().catch(() => false))) {
    if (Date.now() > deadline) throw new Error(`Waited for ${what} for ${PATIENCE / 1000} s. The logs are in ${LOGS}.`);
    await pause(100);
  }
}
