import { GenericContainer, Wait, type StartedNetwork, type StartedTestContainer } from 'testcontainers';
import { onTestFinished } from 'vitest';

/** A container as a hardened cluster runs it: read-only root file system, no capabilities, any user. */
export class HardenedContainer extends GenericContainer {
  constructor(image: string) {
    super(image);
    this.hostConfig.ReadonlyRootfs = true;
    this.withDroppedCapabilities('ALL').withSecurityOpt('no-new-privileges');
  }
}

/** Starts an image that serves on 8080, and gives its address; it is removed when the test ends. */
export async function startContainer(
  image: string,
  user: string,
  network?: StartedNetwork,
): Promise<{ url: string; container: StartedTestContainer }> {
  const created = new HardenedContainer(image).withUser(user);
  const container = await (network === undefined ? created : created.withNetwork(network))
    .withExposedPorts(8080)
    // There is no shell in the image to look at its ports; few functions are called for this path, and any answer will do.
    .withWaitStrategy(Wait.forHttp('/favicon.ico', 8080).forStatusCodeMatching(() => true))
    .start();
  onTestFinished(async () => void (await container.stop({ timeout: 0 })));
  return { url: `http://127.0.0.1:${container.getMappedPort(8080)}`, container };
}
