import { EventEmitter, once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { readSample } from '../support/async-sample.ts';
import { buildImage, copyOfSample } from '../support/image.ts';
import { makeNetwork, startPod } from '../support/pod.ts';
import { startRedis } from '../support/redis.ts';

const IMAGE = 'ofn-test-async';

/** An application that answers when the test says so. */
async function startShop(host: string) {
  const asked = new EventEmitter();
  const shop = createServer((_, res) => void asked.emit('request', res)).listen(0, host);
  onTestFinished(() => {
    shop.closeAllConnections();
    shop.close();
  });
  await once(shop, 'listening');
  const endpoint = {
    apiVersion: 'dapr.io/v1alpha1',
    kind: 'HTTPEndpoint',
    metadata: { name: 'shop' },
    spec: { baseUrl: `http://${host}:${(shop.address() as AddressInfo).port}` },
  };
  const request = async (): Promise<ServerResponse> => ((await once(asked, 'request')) as [ServerResponse])[0];
  return { endpoint: JSON.stringify(endpoint), request };
}

const answer = (res: ServerResponse): unknown =>
  res.writeHead(200, { 'content-type': 'application/json' }).end('{"price":7}');

test('a message is delivered to an image over gRPC, and again when the function dies before it answers', async () => {
  await buildImage('docker', copyOfSample('async-invoke'), IMAGE, '--env', 'FUNC_NAME=offer');
  const network = await makeNetwork();
  const [redis, shop] = await Promise.all([startRedis(network.host), startShop(network.host)]);
  const { context, name, files } = readSample('async-invoke', { 'localhost:6379': redis.address });
  const pod = await startPod({
    network,
    appId: name,
    image: IMAGE,
    user: '12345:54321',
    env: { FUNC_CONTEXT: context },
    files: { ...files, 'shop.yaml': shop.endpoint },
  });
  const publish = async (customer: string): Promise<void> => {
    const headers = { 'content-type': 'application/json' };
    const body = JSON.stringify({ customer, items: ['tea'] });
    const { status } = await fetch(`${pod.url}/v1.0/publish/sales/requests`, { method: 'POST', headers, body });
    expect(status).toBe(204);
  };

  const first = shop.request();
  await publish('ann');
  answer(await first);
  expect(await redis.events('offers', 1)).toMatchObject([{ data: { customer: 'ann', price: 7 } }]);

  const interrupted = shop.request();
  await publish('bob');
  await interrupted;
  const again = shop.request();
  await pod.restartFunction();
  answer(await again);
  expect(await redis.events('offers', 2)).toMatchObject([
    { data: { customer: 'ann' } },
    { data: { customer: 'bob', price: 7 } },
  ]);
});
