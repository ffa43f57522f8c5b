import { join } from 'node:path';
import { expect, test } from 'vitest';
import { builderNode, type NodeProcess } from '../../../../src/buildpack/node/builder-node.ts';
import { failureOf } from '../../../support/failure.ts';
import { makeFolder } from '../../../support/workspace.ts';

function processIn(files: Record<string, string>, more: Partial<NodeProcess> = {}): NodeProcess {
  const execPath = join(makeFolder({ 'bin/node': '', ...files }), 'bin/node');
  const variables = { node_shared: false, node_shared_openssl: false, v8_enable_pointer_compression_shared_cage: 0 };
  return { arch: 'x64', execPath, versions: { node: '24.21.0', modules: '137' }, config: { variables }, ...more };
}

test('a released Node.js can be copied, and compiled for where it has headers', async () => {
  const process = processIn({ 'include/node/node_version.h': '' });
  const folder = process.execPath.slice(0, -'/bin/node'.length);
  expect(await builderNode(process)).toEqual({
    version: '24.21.0',
    abi: '137',
    arch: 'amd64',
    folder,
    headers: folder,
    portable: true,
  });
  expect(await builderNode(processIn({}, { arch: 'arm64' }))).toMatchObject({ arch: 'arm64', headers: undefined });
});

test.each<[string, Partial<NodeProcess>]>([
  ["a distribution's, with its own OpenSSL", { config: { variables: { node_shared_openssl: true } } }],
  ["a distribution's, as a library", { config: { variables: { node_shared: true } } }],
  ['one of another name', { execPath: '/usr/bin/nodejs' }],
])('%s can not be copied', async (_, more) => {
  expect(await builderNode(processIn({}, more))).toMatchObject({ portable: false });
});

test('one that is too old is refused', async () => {
  const versions = { node: '20.20.2', modules: '115' };
  expect(await failureOf(() => builderNode(processIn({}, { versions })))).toMatchInlineSnapshot(`
    "ERROR [OFN-BUILDPACK] Couldn't build with Node.js 20.20.2 of the build image: the buildpack needs 22.18, 23.6 or later.

    Use the builder openfunction/builder-node, or a build image with a Node.js that gets fixes, and npm."
  `);
});
