import { expect, test } from 'vitest';
import { runPlugin, runPluginSample } from '../../support/keel-plugin.ts';
import { startKeelRouter, type KeelRouter } from '../../support/keel-router.ts';

/** Calls the function of a plugin, by way of its sidecar and without Keel. */
async function invoke(url: string, method: string, headers: Record<string, string> = {}): Promise<[number, unknown]> {
  const response = await fetch(`${url}/${method}`, { headers });
  return [response.status, await response.json()];
}

const post = (body: unknown) => ({ method: 'POST', body: typeof body === 'string' ? body : JSON.stringify(body) });

test('a registration is refused by the plugin that is to be extended, with the names it does not have', async () => {
  const [router] = await Promise.all([
    startKeelRouter(),
    runPluginSample('keel-plugin-mail'),
    runPluginSample('keel-plugin-signature', {
      env: {
        KEEL_MAIN_PLUGINS:
          '[{"id": "acme-mail", "endpoints": {"before-send": "/sign", "after-read": "/sign", "x": "/sign"}}]',
      },
    }),
  ]);
  const refusal = { ret: -400, msg: 'unknown extension points: after-read, x' };
  expect(await router.register('acme-signature')).toEqual(refusal);
  expect(router.exchanges().at(-1)).toMatchObject({ status: 200, answer: refusal });
  expect(await router.register('acme-mail')).toEqual({ ret: 0, msg: 'ok' });
});

test('a start warns of callbacks that no function has, and of paths that Keel takes away', async () => {
  const { child } = await runPlugin(
    `import { http } from '@openfunction/functions-framework';
    http('all', (req, res) => res.end(), { path: '/v1/*' });
    http('check', (req, res) => res.end());`,
    {
      id: 'acme-x',
      args: [],
      env: { KEEL_MAIN_PLUGINS: '[{"id": "y", "endpoints": {"a": "check", "b": "/v1/b", "c": "nowhere"}}]' },
    },
  );
  const taken = '/v1/identify, /v1/status, /v1/addons/identify';
  expect((await child.printed('URL: ')).split('\n').filter((line) => line.startsWith('WARNING'))).toEqual([
    'WARNING: No function has the path /nowhere, which Keel is told to call for "c".',
    `WARNING: The path /v1/* of the function "all" is in conflict with Keel, which answers ${taken}.`,
  ]);
});

test('what the platform may send wrongly is answered as tkeel answers it', async () => {
  const [router] = await Promise.all([startKeelRouter(), runPluginSample('keel-plugin-mail')]);
  const answers: [string, { method: string; body?: string }, number, number, string][] = [
    ['v1/identify', post('{}'), 405, -400, 'the method is GET'],
    ['v1/status', post('{}'), 405, -400, 'the method is GET'],
    ['v1/addons/identify', { method: 'GET' }, 405, -400, 'the method is POST'],
    ['v1/addons/identify', { method: 'POST' }, 400, -400, 'content cannot be empty'],
    ['v1/addons/identify', post('{broken'), 500, -400, 'the body is no JSON'],
    ['v1/addons/identify', post([]), 200, -400, 'the body is not a table'],
    ['v1/addons/identify', post({ plugin: {}, endpoint: [] }), 200, -400, '"plugin.id" is not a text'],
    ['v1/addons/identify', post({ plugin: { id: 'x' }, endpoint: [] }), 200, -400, '"endpoint" is empty'],
    [
      'v1/addons/identify',
      post({ plugin: { id: 'x' }, endpoint: [{ addons_point: 'before-send' }] }),
      200,
      -400,
      'the endpoint of "before-send" is not a text',
    ],
    ['v1/addons/identify', post(' '.repeat(1024 * 1024 + 1)), 413, -400, 'request entity too large'],
  ];
  for (const [path, call, status, ret, msg] of answers) {
    expect(await router.ask('acme-mail', path, call)).toMatchObject({
      status,
      returned: router.token,
      contentType: 'application/json',
      answer: { ret, msg },
    });
  }
});

const CALLER = `
import { callAddon, callPlugin, identify, status, KeelError } from '@openfunction/functions-framework/keel';
const acts = {
  point: () => callAddon('nowhere'),
  plugin: () => callPlugin('acme-nobody', '/x'),
  wrong: (which) => callPlugin('acme-wrong', which),
  good: () => callPlugin('acme-wrong', 'good', { query: { a: 'b c' }, verb: 'DELETE' }),
  given: () => callPlugin('acme-wrong', 'good', { token: 'another token' }),
  identify: () => identify('acme-wrong'),
  status: () => status('acme-wrong'),
};
export const hello = async (req, res) => {
  const [, act, which] = req.path.split('/');
  try {
    res.json(await acts[act](which));
  } catch (error) {
    const { name, code, status, ret, msg } = error;
    res.json({ name, code, status, ret, msg, isKeelError: error instanceof KeelError });
  }
};`;

const WRONG = `
const answers = {
  '/ret': { ret: 7, msg: 'out of stock' }, '/text': { ret: '0', msg: 'ok' }, '/none': { msg: 'ok' }, '/list': [],
};
export const hello = (req, res) => {
  if (req.path === '/good') res.json({ ret: 0, msg: 'ok', query: req.query, method: req.method });
  else if (req.path === '/http') res.status(500).json({ ret: -500, msg: 'broken' });
  else if (req.path === '/plain') res.send('OK');
  else if (req.path === '/created') res.status(201).json({ ret: 0, msg: 'ok' });
  else res.json(answers[req.path]);
};`;

async function startCaller(): Promise<{ router: KeelRouter; url: string }> {
  const [router, caller] = await Promise.all([
    startKeelRouter(),
    runPlugin(CALLER, { id: 'acme-caller' }),
    runPlugin(WRONG, { id: 'acme-wrong', env: { KEEL_DIALECT: 'v0.1.0', KEEL_ADDONS: '{"a": ""}' } }),
  ]);
  await router.register('acme-wrong');
  router.exchanges();
  return { router, url: `${caller.daprd.url}/v1.0/invoke/acme-caller/method` };
}

test('a ret that is not 0, a status that is not 200 and anything without a ret are failures with a code', async () => {
  const { router, url } = await startCaller();
  const { token: authorization } = router;
  const failed = { name: 'KeelError', code: 'OFN-KEEL-CALL', isKeelError: true };
  const expected: [string, object][] = [
    ['wrong/ret', { status: 200, ret: 7, msg: 'out of stock' }],
    ['wrong/text', { status: 200 }],
    ['wrong/none', { status: 200 }],
    ['wrong/list', { status: 200 }],
    ['wrong/plain', { status: 200 }],
    ['wrong/http', { status: 500, ret: -500, msg: 'broken' }],
    ['wrong/created', { status: 201, ret: 0, msg: 'ok' }],
    ['point', { status: 404, ret: -404, msg: 'nobody extends nowhere' }],
    ['plugin', { status: 404, ret: -404, msg: 'no plugin acme-nobody' }],
    ['given', { status: 401, ret: -401, msg: 'the token is not valid' }],
  ];
  for (const [path, fields] of expected) {
    expect([path, ...(await invoke(url, path, { authorization }))]).toEqual([path, 200, { ...failed, ...fields }]);
  }
  expect(await invoke(url, 'good', { authorization })).toEqual([
    200,
    { ret: 0, msg: 'ok', query: { a: 'b c' }, method: 'DELETE' },
  ]);
});

test('the client reads both dialects', async () => {
  const { router, url } = await startCaller();
  const { token: authorization } = router;
  expect(await invoke(url, 'identify', { authorization })).toEqual([
    200,
    {
      pluginId: 'acme-wrong',
      version: '1.0',
      tkeelVersion: 'v0.1.0',
      addons: [{ name: 'a', desc: '' }],
      mainPlugins: [],
    },
  ]);
  expect(await invoke(url, 'status', { authorization })).toEqual([200, 'ACTIVE']);
});

test('without a token nothing is called', async () => {
  const { router, url } = await startCaller();
  const refused = { name: 'KeelError', code: 'OFN-KEEL-TOKEN', isKeelError: true };
  for (const path of ['point', 'plugin', 'good', 'identify', 'status']) {
    expect(await invoke(url, path)).toEqual([200, refused]);
  }
  expect(router.exchanges()).toEqual([]);
});
