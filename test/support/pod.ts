import { dirname } from 'node:path';
import { execa } from 'execa';
import { GenericContainer, Network, Wait, type StartedTestContainer } from 'testcontainers';
import { onTestFinished } from 'vitest';
import { placeOfDaprd } from '../../scripts/daprd.ts';
import { HardenedContainer } from './container.ts';
import { removeFromEngine } from './image.ts';
import { provided } from './server-process.ts';
import { makeFolder } from './workspace.ts';

/** A sidecar and a function that share their network, as the containers of a pod do. */
export interface Pod {
  /** Of the sidecar's HTTP API, without a slash at the end. */
  readonly url: string;
  /** Kills the function in the middle of whatever it does, and starts it again. */
  restartFunction(): Promise<void>;
}

/** What runs in a pod. */
export interface PodOptions {
  readonly network: PodNetwork;
  readonly appId: string;
  readonly image: string;
  readonly user: string;
  readonly env: Readonly<Record<string, string>>;
  /** The sidecar's resources, by the names of their files. */
  readonly files: Readonly<Record<string, string>>;
}

/** A network of containers. */
export interface PodNetwork {
  readonly name: string;
  /** Where its containers find this machine. */
  readonly host: string;
}

const DAPRD = 'ofn-test-daprd';

/** Makes a network that is gone when the test ends. */
export async function makeNetwork(): Promise<PodNetwork> {
  const network = await new Network().start();
  onTestFinished(async () => void (await network.stop()));
  const name = network.getName();
  const format = '{{(index .IPAM.Config 0).Gateway}}';
  const { stdout: host } = await execa('docker', ['network', 'inspect', '--format', format, name]);
  return { name, host };
}

/** Starts a pod whose sidecar talks to its function as OpenFunction's and Dapr's do unless they are told: by gRPC. */
export async function startPod({ network, appId, image, user, env, files }: PodOptions): Promise<Pod> {
  const sidecar = await startSidecar(network, appId, makeFolder(files));
  const fn = await new HardenedContainer(image)
    .withUser(user)
    .withEnvironment(env)
    .withNetworkMode(`container:${sidecar.getId()}`)
    .start();
  onTestFinished(async () => void (await fn.stop({ timeout: 0 })));
  return {
    url: `http://127.0.0.1:${sidecar.getMappedPort(3500)}`,
    async restartFunction() {
      await execa('docker', ['kill', fn.getId()]);
      await execa('docker', ['start', fn.getId()]);
    },
  };
}

async function startSidecar(network: PodNetwork, appId: string, resources: string): Promise<StartedTestContainer> {
  await makeDaprdImage();
  const flags = { 'app-id': appId, 'app-port': 8080, 'app-protocol': 'grpc', 'resources-path': '/resources' };
  const sidecar = await new GenericContainer(DAPRD)
    .withCommand(Object.entries(flags).map(([name, value]) => `--${name}=${value}`))
    .withNetworkMode(network.name)
    .withBindMounts([{ source: resources, target: '/resources', mode: 'ro' }])
    .withExposedPorts(3500)
    .withWaitStrategy(Wait.forLogMessage('waiting on port 8080'))
    .start();
  onTestFinished(async () => void (await sidecar.stop({ timeout: 0 })));
  return sidecar;
}

/** An image of nothing but the program, which is gone when the test ends. */
async function makeDaprdImage(): Promise<void> {
  const program = provided('daprd', await placeOfDaprd());
  const tar = execa('tar', ['--create', '--directory', dirname(program), 'daprd'], { encoding: 'buffer' });
  const args = ['import', '--change', 'ENTRYPOINT ["/daprd"]', '-', DAPRD];
  onTestFinished(() => removeFromEngine(DAPRD));
  await tar.pipe('docker', args);
}
