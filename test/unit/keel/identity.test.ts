import { expect, test } from 'vitest';
import { DIALECTS, renderIdentity } from '../../../src/keel/dialect.ts';
import { readAddons, readEndpoints, readIdentity, readMainPlugins, type Identity } from '../../../src/keel/identity.ts';

const FULL: Identity = {
  pluginId: 'yunify-xxx',
  version: '1.0',
  tkeelVersion: 'v0.1.0',
  addons: [
    { name: 'before-send-callback', desc: 'before' },
    { name: '/AfterSend', desc: '' },
  ],
  mainPlugins: [
    { id: 'plugin', version: '1.0', endpoints: [{ addon: 'beforeSendCallBack', endpoint: '/before-send-callback' }] },
    { id: 'other', version: undefined, endpoints: [] },
  ],
};
const MINIMAL: Identity = { ...FULL, addons: [], mainPlugins: [] };

test('the proposal has these fields, in this order, and no others', () => {
  expect(JSON.stringify(renderIdentity(FULL, 'proposal'))).toBe(
    JSON.stringify({
      plugin_id: 'yunify-xxx',
      version: '1.0',
      addons: [
        { endpoint: 'before-send-callback', desc: 'before' },
        { endpoint: '/AfterSend', desc: '' },
      ],
      main_plugin: [
        {
          id: 'plugin',
          version: '1.0',
          endpoints: [{ addons: 'beforeSendCallBack', endpoint: '/before-send-callback' }],
        },
        { id: 'other', endpoints: [] },
      ],
    }),
  );
});

test('the code of tkeel has names of its own', () => {
  expect(renderIdentity(FULL, 'v0.1.0')).toEqual({
    plugin_id: 'yunify-xxx',
    version: '1.0',
    tkeel_version: 'v0.1.0',
    addons_points: [
      { addons_point: 'before-send-callback', desc: 'before' },
      { addons_point: '/AfterSend', desc: '' },
    ],
    main_plugins: [
      {
        id: 'plugin',
        version: '1.0',
        endpoints: [{ addons_point: 'beforeSendCallBack', endpoint: '/before-send-callback' }],
      },
      { id: 'other', endpoints: [] },
    ],
  });
});

test('what there is none of is left out', () => {
  expect(renderIdentity(MINIMAL, 'proposal')).toEqual({ plugin_id: 'yunify-xxx', version: '1.0' });
  expect(renderIdentity({ ...MINIMAL, tkeelVersion: undefined }, 'v0.1.0')).toEqual({
    plugin_id: 'yunify-xxx',
    version: '1.0',
  });
});

test.each(DIALECTS)('what is said in the dialect %s is read', (dialect) => {
  const said: unknown = JSON.parse(JSON.stringify({ ret: 0, msg: 'ok', ...renderIdentity(FULL, dialect) }));
  expect(readIdentity(said)).toEqual(dialect === 'proposal' ? { ...FULL, tkeelVersion: undefined } : FULL);
});

test('null is nothing', () => {
  const said = { plugin_id: 'a', version: '1', addons: null, main_plugins: null, tkeel_version: null };
  expect(readIdentity(said)).toEqual({
    pluginId: 'a',
    version: '1',
    tkeelVersion: undefined,
    addons: [],
    mainPlugins: [],
  });
});

test('extension points and endpoints may be tables by names', () => {
  expect(readAddons({ a: 'A', b: '' })).toEqual([
    { name: 'a', desc: 'A' },
    { name: 'b', desc: '' },
  ]);
  expect(readEndpoints({ a: '/x' })).toEqual([{ addon: 'a', endpoint: '/x' }]);
});

test.each<[string, () => unknown, string]>([
  ['an identity that is a list', () => readIdentity([]), 'the identity is not a table'],
  ['no id', () => readIdentity({ version: '1' }), '"plugin_id" is not a text'],
  ['a version that is a number', () => readIdentity({ plugin_id: 'a', version: 1 }), '"version" is not a text'],
  ['extension points that are a text', () => readAddons('a'), 'the extension points are not a list'],
  ['an extension point that is a text', () => readAddons(['a']), 'an extension point is not a table'],
  [
    'an extension point without a name',
    () => readAddons([{ desc: 'x' }]),
    'the name of an extension point is not a text',
  ],
  ['a description that is a number', () => readAddons({ a: 1 }), 'the description of "a" is not a text'],
  ['a plugin without an id', () => readMainPlugins([{}]), 'the "id" of an extended plugin is not a text'],
  ['plugins that are a table', () => readMainPlugins({}), 'the extended plugins are not a list'],
  ['an endpoint without a path', () => readEndpoints([{ addons: 'a' }]), 'the endpoint of "a" is not a text'],
  [
    'an endpoint without a point',
    () => readEndpoints([{ endpoint: '/x' }]),
    'the extension point of an endpoint is not a text',
  ],
  ['an empty path', () => readEndpoints({ a: '' }), 'the endpoint of "a" is not a text'],
])('%s is refused', (_, act, message) => {
  expect(act).toThrow(message);
});
