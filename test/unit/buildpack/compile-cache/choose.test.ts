import { expect, test } from 'vitest';
import { chooseCompileCache, type CompileCacheChoice } from '../../../../src/buildpack/compile-cache/choose.ts';
import { makeFolder } from '../../../support/workspace.ts';

type Change = Partial<Pick<CompileCacheChoice, 'launchFolder' | 'node' | 'builder' | 'dependencies'>>;

const choose = (change: Change = {}, arch: string | undefined = 'amd64') =>
  chooseCompileCache({
    context: {
      appDir: '/app',
      layersDir: makeFolder(),
      target: arch === undefined ? undefined : { os: 'linux', arch },
    },
    launchFolder: '/layers/function/compile-cache',
    node: { version: '24.21.0' },
    builder: { version: '24.21.0', arch: 'amd64' },
    framework: { digest: 'f' },
    dependencies: { key: 'm' },
    ...change,
  });

test('is for the Node.js, the framework and the dependencies of the image', async () => {
  const key = { node: '24.21.0 x64', framework: 'f', modules: 'm' };
  expect(await choose()).toMatchObject({ key, ofApp: true, kept: undefined });
  expect(await choose({}, undefined)).toMatchObject({ key });
  expect(await choose({ dependencies: undefined })).toMatchObject({ key: { ...key, modules: '' } });
  const arm = { builder: { version: '24.21.0', arch: 'arm64' } };
  expect(await choose(arm, 'arm64')).toMatchObject({ key: { ...key, node: '24.21.0 arm64' } });
});

test('the app itself is compiled where every build can, also one without the Node.js of the image', async () => {
  expect(await choose({ node: { version: '22.23.3' } })).toMatchObject({ ofApp: false });
});

test('there is none where none is wanted, and none for another architecture', async () => {
  expect(await choose({ launchFolder: undefined })).toBeUndefined();
  expect(await choose({}, 'arm64')).toBeUndefined();
});
