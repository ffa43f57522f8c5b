import { execa } from 'execa';
import { expect, test } from 'vitest';
import { artefact } from '../../support/artefact.ts';
import { storeOf } from '../../support/image-store.ts';
import { layoutOf } from '../../support/layout.ts';

test.each([
  ['the processes there are', { 'io.buildpacks.build.metadata': '{"processes": [{"type": "test"}, {"type": "web"}]}' }],
  ['an image of no buildpack', {}],
])('a process that an image has not is refused: %s', async (_, labels) => {
  const cache = storeOf(
    'me/hello:1',
    layoutOf([], () => {}, labels),
  );
  const args = ['run', 'me/hello:1', '--process', 'tset', '--engine', 'none'];
  const env = { PATH: process.env['PATH'], HOME: cache, OFN_CACHE_DIR: cache };
  const options = { env, extendEnv: false, reject: false } as const;
  const { stderr, exitCode } = await execa('node', [artefact('dist/cli/index.js'), ...args], options);
  expect(stderr).toMatchSnapshot();
  expect(exitCode).toBe(1);
});
