import { dirname, join } from 'node:path';
import { GenericContainer, Wait, type StartedTestContainer } from 'testcontainers';
import { onTestFinished } from 'vitest';
import { placeOfDaprd } from '../../scripts/daprd.ts';
import { textOfConfiguration } from './dapr-resources.ts';
import { namesOfTest } from './daprd.ts';
import { provided } from './server-process.ts';
import { makeFolder } from './workspace.ts';

/** Any image of ours will do: the sidecar needs no more than they have. */
export interface SidecarOptions {
  readonly image: string;
  readonly appId: string;
  /** Shares its network, as the containers of a pod do. */
  readonly app: StartedTestContainer;
  /** The app's address, which the other sidecars know it by. */
  readonly address: string;
}

/** Starts a sidecar beside a container that listens on 8080; it is removed when the test ends. */
export async function startDaprdContainer({ image, appId, app, address }: SidecarOptions): Promise<void> {
  const program = provided('daprd', await placeOfDaprd());
  const names = namesOfTest();
  await names.opened;
  const folder = makeFolder({ 'configuration.yaml': textOfConfiguration(names.file, {}), 'resources/none.txt': '' });
  const mounts = [program, folder, dirname(names.file)].map((path) => ({ source: path, target: path }));
  const sidecar = await new GenericContainer(image)
    .withNetworkMode(`container:${app.getId()}`)
    .withUser('0:0')
    .withBindMounts(mounts)
    .withEnvironment({ DAPR_HOST_IP: address })
    .withEntrypoint([program])
    .withCommand([
      `--app-id=${appId}`,
      '--app-port=8080',
      '--app-channel-address=127.0.0.1',
      `--config=${join(folder, 'configuration.yaml')}`,
      `--resources-path=${join(folder, 'resources')}`,
      '--enable-metrics=false',
    ])
    .withWaitStrategy(Wait.forLogMessage('dapr initialized. Status: Running.'))
    .start();
  onTestFinished(async () => void (await sidecar.stop({ timeout: 0 })));
}
