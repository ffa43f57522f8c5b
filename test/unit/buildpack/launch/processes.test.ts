import { expect, test } from 'vitest';
import { PROCESS_SETTINGS, processesOf } from '../../../../src/buildpack/launch/processes.ts';
import { failureOf } from '../../../support/failure.ts';

const WEB = {
  web: ['node', '/main.mjs'],
  inspectorPort: '',
  test: undefined,
  webDir: undefined,
  projectDir: '/app',
} as const;

test('production serves', () => {
  expect(processesOf({ ...WEB, execEnv: 'production', inspectorPort: '9229' })).toEqual([
    { type: 'web', command: ['node', '/main.mjs'], isDefault: true },
  ]);
});

test('development watches, and has an inspector where its port is named', () => {
  const [web] = processesOf({ ...WEB, execEnv: 'development' });
  expect(web?.command).toEqual(['node', '--watch', '--watch-preserve-output', '/main.mjs']);
  const [inspected] = processesOf({ ...WEB, execEnv: 'development', inspectorPort: '9229' });
  expect(inspected?.command).toContain('--inspect=0.0.0.0:9229');
});

test('an image for tests runs them', () => {
  expect(processesOf({ ...WEB, execEnv: 'test', test: ['node', '--test'] })).toEqual([
    { type: 'web', command: ['node', '/main.mjs'] },
    { type: 'test', command: ['node', '--test'], isDefault: true, workingDir: '/app' },
  ]);
});

test.each(['0', '65536', 'http', '-1'])('%s is no port', async (raw) => {
  expect(await failureOf(() => PROCESS_SETTINGS.inspectorPort.parse(raw, 'BP_INSPECTOR_PORT'))).toMatchSnapshot();
});
