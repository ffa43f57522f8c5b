import { execa } from 'execa';
import { Network, type StartedNetwork } from 'testcontainers';
import { expect, onTestFinished, test } from 'vitest';
import { startContainer } from '../support/container.ts';
import { startDaprdContainer } from '../support/daprd-container.ts';
import { buildImage, copyOfSample } from '../support/image.ts';
import { startKeelRouter, type KeelRouter } from '../support/keel-router.ts';
import { makeFolder } from '../support/workspace.ts';

/** Builds a function, which its func.toml alone makes a plugin, and runs it beside a sidecar. */
async function startPlugin(folder: string, appId: string, network: StartedNetwork) {
  const image = `ofn-test-${appId}`;
  await buildImage('docker', folder, image);
  const { url, container } = await startContainer(image, '12345:54321', network);
  const address = container.getIpAddress(network.getName());
  await startDaprdContainer({ image, appId, app: container, address });
  return { url, container };
}

const CALLER_TOML = `
[openfunction]
name = "hello"
[keel]
plugin_id = "acme-caller"
`;
const CALLER = `
import { callAddon, callPlugin } from '@openfunction/functions-framework/keel';
export const hello = async (req, res) => {
  if (req.path === '/answer') return res.json({ ret: 7, msg: 'out of paper' });
  try {
    await (req.path === '/wrong' ? callPlugin('acme-caller', 'answer') : callAddon('nowhere'));
  } catch ({ code, status, ret, msg }) {
    res.json({ code, status, ret, msg });
  }
};
`;

/** A network, and a router whose sidecar those in it can reach. */
async function startPlatform(): Promise<{ network: StartedNetwork; router: KeelRouter }> {
  const network = await new Network().start();
  onTestFinished(async () => void (await network.stop()));
  const format = '{{(index .IPAM.Config 0).Gateway}}';
  const { stdout } = await execa('docker', ['network', 'inspect', network.getId(), '--format', format]);
  return { network, router: await startKeelRouter({ hostIp: stdout }) };
}

test('two containers that their func.toml makes plugins extend each other through Dapr', async () => {
  const { network, router } = await startPlatform();
  const mail = await startPlugin(copyOfSample('keel-plugin-mail'), 'acme-mail', network);
  await startPlugin(copyOfSample('keel-plugin-signature'), 'acme-signature', network);

  expect(await router.register('acme-mail')).toEqual({ ret: 0, msg: 'ok' });
  expect(await router.register('acme-signature')).toEqual({ ret: 0, msg: 'ok' });
  const ok = { ret: 0, msg: 'ok' };
  expect(router.exchanges().map(({ line, sent, answer }) => [line, sent, answer])).toEqual([
    [
      'GET acme-mail/v1/identify',
      undefined,
      {
        ...ok,
        plugin_id: 'acme-mail',
        version: '1.0',
        addons: [{ endpoint: 'before-send', desc: 'Called with a mail; answers with the mail to send.' }],
        main_plugin: [
          { id: 'acme-signature', version: '2.1', endpoints: [{ addons: 'after-sign', endpoint: '/archive' }] },
        ],
      },
    ],
    [
      'POST acme-signature/v1/addons/identify',
      {
        plugin: { id: 'acme-mail', version: '1.0' },
        endpoint: [{ addons_point: 'after-sign', endpoint: '/archive' }],
      },
      ok,
    ],
    ['GET acme-mail/v1/status', undefined, { ...ok, status: 'ACTIVE' }],
    [
      'GET acme-signature/v1/identify',
      undefined,
      {
        ...ok,
        plugin_id: 'acme-signature',
        version: '2.1',
        addons: [{ endpoint: 'after-sign', desc: 'Called with the subject of a mail that was signed.' }],
        main_plugin: [{ id: 'acme-mail', version: '1.0', endpoints: [{ addons: 'before-send', endpoint: '/sign' }] }],
      },
    ],
    [
      'POST acme-mail/v1/addons/identify',
      {
        plugin: { id: 'acme-signature', version: '2.1' },
        endpoint: [{ addons_point: 'before-send', endpoint: '/sign' }],
      },
      ok,
    ],
    ['GET acme-signature/v1/status', undefined, { ...ok, status: 'ACTIVE' }],
  ]);

  const send = async (authorization: Record<string, string>): Promise<[number, unknown]> => {
    const response = await fetch(`${mail.url}/send`, {
      method: 'POST',
      headers: { ...authorization, 'content-type': 'application/json' },
      body: '{"subject":"Tea","text":"At five."}',
    });
    const text = await response.text();
    return [response.status, response.ok ? JSON.parse(text) : text];
  };
  const mailed = { ...ok, mail: { subject: 'Tea', text: 'At five.\n-- \nACME' } };
  expect(await send({ authorization: router.token })).toEqual([200, { ...mailed, archived: ['Tea'] }]);
  expect(router.exchanges().map(({ line, sent, answer }) => [line, sent, answer])).toEqual([
    ['POST acme-mail/archive', { subject: 'Tea' }, ok],
    ['POST acme-signature/sign', { mail: { subject: 'Tea', text: 'At five.' } }, mailed],
  ]);

  // In production callers are not told why.
  expect(await send({})).toEqual([500, 'Internal Server Error']);
  expect(router.exchanges()).toEqual([]);
  const unknown = { plugin: { id: 'x', version: '1' }, endpoint: [{ addons_point: 'nowhere', endpoint: '/x' }] };
  const call = { method: 'POST', body: JSON.stringify(unknown) };
  expect(await router.ask('acme-mail', 'v1/addons/identify', call)).toMatchObject({
    status: 200,
    returned: router.token,
    answer: { ret: -400, msg: 'unknown extension points: nowhere' },
  });
});

test('what fails between containers has a code, and what the other side said', async () => {
  const { network, router } = await startPlatform();
  const folder = makeFolder({ 'func.toml': CALLER_TOML, 'index.mjs': CALLER });
  const { url } = await startPlugin(folder, 'acme-caller', network);
  await router.register('acme-caller');
  const call = async (path: string, authorization?: string): Promise<unknown> =>
    (await fetch(url + path, { headers: authorization === undefined ? {} : { authorization } })).json();
  const failed = { code: 'OFN-KEEL-CALL', status: 200 };
  expect(await call('/wrong', router.token)).toEqual({ ...failed, ret: 7, msg: 'out of paper' });
  const unknown = { ...failed, status: 404, ret: -404, msg: 'nobody extends nowhere' };
  expect(await call('/nowhere', router.token)).toEqual(unknown);
  const refused = { ...failed, status: 401, ret: -401, msg: 'the token is not valid' };
  expect(await call('/wrong', 'another token')).toEqual(refused);
  expect(await call('/wrong')).toEqual({ code: 'OFN-KEEL-TOKEN' });
});
