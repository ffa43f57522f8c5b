import { expect, test } from 'vitest';
import { runPluginSample } from '../../support/keel-plugin.ts';
import { startKeelRouter } from '../../support/keel-router.ts';

const JSON_TYPE = expect.stringContaining('application/json');

/** What the samples say of themselves. */
const IDENTITIES = {
  proposal: {
    mail: {
      ret: 0,
      msg: 'ok',
      plugin_id: 'acme-mail',
      version: '1.0',
      addons: [{ endpoint: 'before-send', desc: 'Called with a mail; answers with the mail to send.' }],
      main_plugin: [
        { id: 'acme-signature', version: '2.1', endpoints: [{ addons: 'after-sign', endpoint: '/archive' }] },
      ],
    },
    signature: {
      ret: 0,
      msg: 'ok',
      plugin_id: 'acme-signature',
      version: '2.1',
      addons: [{ endpoint: 'after-sign', desc: 'Called with the subject of a mail that was signed.' }],
      main_plugin: [{ id: 'acme-mail', version: '1.0', endpoints: [{ addons: 'before-send', endpoint: '/sign' }] }],
    },
  },
  'v0.1.0': {
    mail: {
      ret: 0,
      msg: 'ok',
      plugin_id: 'acme-mail',
      version: '1.0',
      tkeel_version: 'v0.1.0',
      addons_points: [{ addons_point: 'before-send', desc: 'Called with a mail; answers with the mail to send.' }],
      main_plugins: [
        { id: 'acme-signature', version: '2.1', endpoints: [{ addons_point: 'after-sign', endpoint: '/archive' }] },
      ],
    },
    signature: {
      ret: 0,
      msg: 'ok',
      plugin_id: 'acme-signature',
      version: '2.1',
      tkeel_version: 'v0.1.0',
      addons_points: [{ addons_point: 'after-sign', desc: 'Called with the subject of a mail that was signed.' }],
      main_plugins: [
        { id: 'acme-mail', version: '1.0', endpoints: [{ addons_point: 'before-send', endpoint: '/sign' }] },
      ],
    },
  },
} as const;

test.each([
  ['http', 'proposal'],
  ['grpc', 'proposal'],
  ['http', 'v0.1.0'],
] as const)('two plugins extend each other through Dapr: app channel %s, dialect %s', async (protocol, dialect) => {
  const env = { KEEL_DIALECT: dialect };
  const [router, mail, signature] = await Promise.all([
    startKeelRouter(),
    runPluginSample('keel-plugin-mail', { protocol, env }),
    runPluginSample('keel-plugin-signature', { protocol, env }),
  ]);
  const { token } = router;
  // What is in metadata of gRPC does not come back.
  const returned = protocol === 'http' ? token : null;
  const asked = { authorization: token, status: 200, contentType: JSON_TYPE, returned };
  const get = (line: string, answer: unknown) => ({ ...asked, line: `GET ${line}`, sent: undefined, answer });
  const identities = IDENTITIES[dialect];

  expect(await router.register('acme-mail')).toEqual({ ret: 0, msg: 'ok' });
  expect(router.exchanges()).toEqual([
    get('acme-mail/v1/identify', identities.mail),
    {
      ...asked,
      line: 'POST acme-signature/v1/addons/identify',
      sent: {
        plugin: { id: 'acme-mail', version: '1.0' },
        endpoint: [{ addons_point: 'after-sign', endpoint: '/archive' }],
      },
      answer: { ret: 0, msg: 'ok' },
    },
    get('acme-mail/v1/status', { ret: 0, msg: 'ok', status: 'ACTIVE' }),
  ]);
  expect(await router.register('acme-signature')).toEqual({ ret: 0, msg: 'ok' });
  expect(router.exchanges()).toEqual([
    get('acme-signature/v1/identify', identities.signature),
    {
      ...asked,
      line: 'POST acme-mail/v1/addons/identify',
      sent: {
        plugin: { id: 'acme-signature', version: '2.1' },
        endpoint: [{ addons_point: 'before-send', endpoint: '/sign' }],
      },
      answer: { ret: 0, msg: 'ok' },
    },
    get('acme-signature/v1/status', { ret: 0, msg: 'ok', status: 'ACTIVE' }),
  ]);

  const answer = await fetch(`${signature.daprd.url}/v1.0/invoke/keel/method/acme-mail/send`, {
    method: 'POST',
    headers: { authorization: token, 'content-type': 'application/json' },
    body: '{"subject":"Tea","text":"At five."}',
  });
  const mailed = { ret: 0, msg: 'ok', mail: { subject: 'Tea', text: 'At five.\n-- \nACME' } };
  expect([answer.status, await answer.json()]).toEqual([200, { ...mailed, archived: ['Tea'] }]);
  const routed = { ...asked, returned: null };
  expect(router.exchanges()).toEqual([
    { ...routed, line: 'POST acme-mail/archive', sent: { subject: 'Tea' }, answer: { ret: 0, msg: 'ok' } },
    {
      ...routed,
      line: 'POST acme-signature/sign',
      sent: { mail: { subject: 'Tea', text: 'At five.' } },
      answer: mailed,
    },
    {
      ...routed,
      line: 'POST acme-mail/send',
      sent: { subject: 'Tea', text: 'At five.' },
      answer: { ...mailed, archived: ['Tea'] },
    },
  ]);
  expect(mail.child.output()).not.toContain('WARNING');
});
