import { expect, test } from 'vitest';
import { resolveSetting, type Setting } from '../../../src/base/setting.ts';

const setting: Setting<number> = {
  variables: ['NEW', 'OLD'],
  flag: 'port',
  help: 'The port.',
  fallback: 8080,
  parse: (raw) => Number(raw),
};

test.each<[string, { env: Record<string, string>; flags?: Record<string, string> }, { value: number; source: string }]>(
  [
    ['nothing set', { env: {} }, { value: 8080, source: 'default' }],
    ['an empty variable', { env: { NEW: '' } }, { value: 8080, source: 'default' }],
    ['the second variable', { env: { OLD: '2' } }, { value: 2, source: 'OLD' }],
    ['both variables', { env: { NEW: '1', OLD: '2' } }, { value: 1, source: 'NEW' }],
    ['a flag', { env: { NEW: '1' }, flags: { port: '3' } }, { value: 3, source: '--port' }],
  ],
)('%s', (_, from, resolved) => {
  expect(resolveSetting(setting, from)).toEqual(resolved);
});
