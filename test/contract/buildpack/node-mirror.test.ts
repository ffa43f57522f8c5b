import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { gzipSync } from 'node:zlib';
import { expect, onTestFinished, test } from 'vitest';
import { makeSite, type Phase } from '../../support/buildpack.ts';
import { makeDist } from '../../support/node-dist.ts';
import { ownPort } from '../../support/own-port.ts';
import { answerOf } from '../../support/shape.ts';

const APP = { 'index.js': 'exports.hello = (req, res) => res.end("hi");\n', '.nvmrc': '22' };
const HELLO = { FUNC_NAME: 'hello' };
const TARBALL = 'v22.99.0/node-v22.99.0-linux-x64.tar.gz';

/** Serves a folder to whoever has the password, and gives its address. */
async function serveFolder(folder: string): Promise<string> {
  const server = createServer((request, response) => {
    const granted = request.headers.authorization === `Basic ${Buffer.from('me:p@ss').toString('base64')}`;
    const path = join(folder, request.url ?? '');
    const found = statSync(path, { throwIfNoEntry: false })?.isFile() === true;
    if (!granted) response.writeHead(401).end();
    else if (found) response.end(readFileSync(path));
    else response.writeHead(404).end();
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  onTestFinished(() => void server.close());
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- it listens on a port
  return `127.0.0.1:${(server.address() as AddressInfo).port}`;
}

function messageOf({ output }: Phase): string {
  const message = output.slice(output.indexOf('ERROR'));
  return message.replaceAll(/127\.0\.0\.1:\d{3,}/g, '<mirror>').replaceAll(/[0-9a-f]{64}/g, '<digest>');
}

test('a mirror is asked with its password, for what it has for the architecture', async () => {
  const url = `http://me:p%40ss@${await serveFolder(makeDist('22.99.0'))}`;
  const site = makeSite(APP);
  const { exitCode, output } = await site.build({ ...HELLO, BP_NODE_DIST_URL: url });
  expect(output).toMatch(/Node\.js 22\.99\.0: layer added, from http:\/\/127\.0\.0\.1:\d+\/ \(\.nvmrc asks for "22"\)/);
  expect(output).toContain('Function "hello": boots');
  expect(exitCode).toBe(0);
  expect(await answerOf(site)).toBe('hi');
  expect(readdirSync(join(site.layers, 'node'))).toEqual(['LICENSE', 'bin']);
  expect(statSync(join(site.layers, 'node/bin/node')).mode & 0o777).toBe(0o755);
  const told = output + readFileSync(join(site.layers, 'node.toml'), 'utf8');
  expect(told).not.toMatch(/p%40ss|p@ss/);
  expect(told).toMatch(/abi = "127"\nintegrity = "sha256-[A-Za-z0-9+/]{43}="/);
});

test.each<[string, string, Record<string, string>]>([
  ['without its password', '', {}],
  ['for a version that it has not', 'me:p%40ss@', { BP_NODE_VERSION: '22.98.0' }],
  ['for a line that it has not', 'me:p%40ss@', { BP_NODE_VERSION: '24.x <24.1' }],
])('a mirror that is asked %s fails the build', async (_, user, env) => {
  const url = `http://${user}${await serveFolder(makeDist('22.99.0'))}`;
  const phase = await makeSite(APP).build({ ...HELLO, BP_NODE_DIST_URL: url, ...env });
  expect(messageOf(phase)).toMatchSnapshot();
  expect(phase.exitCode).toBe(1);
});

test('a mirror that does not answer fails the build', async () => {
  const phase = await makeSite(APP).build({ ...HELLO, BP_NODE_DIST_URL: `http://127.0.0.1:${await ownPort()}/node` });
  expect(messageOf(phase)).toMatchSnapshot();
  expect(phase.exitCode).toBe(1);
});

test('a folder will do, and its bytes have to be what its checksums promise', async () => {
  const dist = makeDist('22.99.0');
  const env = { ...HELLO, BP_NODE_DIST_URL: pathToFileURL(dist).href };
  const { output } = await makeSite(APP).build(env);
  expect(output).toContain('Node.js 22.99.0: layer added');
  writeFileSync(join(dist, TARBALL), 'other bytes');
  const phase = await makeSite(APP).build(env);
  expect(messageOf(phase).replaceAll(pathToFileURL(dist).href, '<folder>')).toMatchSnapshot();
  expect(phase.exitCode).toBe(1);
});

test.each<[string, string | Buffer]>([
  ['no archive', 'other bytes'],
  ['an archive with nothing of Node.js in it', gzipSync(Buffer.alloc(1024))],
])('a tarball that is %s fails the build, whatever its checksum says', async (_, bytes) => {
  const dist = makeDist('22.99.0');
  writeFileSync(join(dist, TARBALL), bytes);
  const sum = createHash('sha256').update(bytes).digest('hex');
  writeFileSync(join(dist, 'v22.99.0/SHASUMS256.txt'), `${sum}  node-v22.99.0-linux-x64.tar.gz\n`);
  const phase = await makeSite(APP).build({ ...HELLO, BP_NODE_DIST_URL: pathToFileURL(dist).href });
  expect(messageOf(phase)).toMatchSnapshot();
  expect(phase.exitCode).toBe(1);
});

test('a version that a folder has not fails the build, with the newest that it has', async () => {
  const dist = pathToFileURL(makeDist('22.99.0')).href;
  const phase = await makeSite(APP).build({ ...HELLO, BP_NODE_DIST_URL: dist, BP_NODE_VERSION: '22.98.0' });
  expect(messageOf(phase).replaceAll(dist, '<folder>')).toMatchSnapshot();
  expect(phase.exitCode).toBe(1);
});

test('a folder that is not there fails the build', async () => {
  const phase = await makeSite(APP).build({ ...HELLO, BP_NODE_DIST_URL: 'file:///no/such' });
  expect(messageOf(phase)).toMatchSnapshot();
  expect(phase.exitCode).toBe(1);
});

test('with a cache the real Node.js proves a function whose layer is taken over', async () => {
  const env = { ...HELLO, BP_NODE_DIST_URL: pathToFileURL(makeDist('22.99.0')).href };
  const site = makeSite({ ...APP, 'package.json': '{}' });
  expect((await site.build(env)).exitCode).toBe(0);
  const again = await site.build({ ...HELLO, BP_NODE_DIST_URL: 'file:///no/such' });
  expect(again.output).toContain('Node.js 22.99.0: layer reused');
  expect(again.exitCode).toBe(0);
});

test('without a cache a function that does not boot is told of by the real Node.js', async () => {
  const env = { ...HELLO, BP_NODE_DIST_URL: pathToFileURL(makeDist('22.99.0')).href };
  const site = makeSite({
    'index.js': APP['index.js'],
    'package.json': '{"engines": {"node": "22"}, "dependencies": {}}',
  });
  expect((await site.build(env)).exitCode).toBe(0);
  site.forgetContents();
  rmSync(join(site.app, 'node_modules'));
  const wrong = await site.build({ ...env, FUNC_NAME: 'helo' });
  expect(wrong.output).toContain('Node.js 22.99.0: needed after all, to make sure of OFN-FUNC-NOT-FOUND');
  expect(wrong.output).toContain('Node.js 22.99.0: fetching it, from file:');
  expect(wrong.output).toContain('Did you mean "hello"?');
});
