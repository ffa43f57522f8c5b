// Makes the builder image with pack: in the image store always, in a Docker engine when one answers.
import { cp, glob, mkdir, readFile, realpath, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { HOST_ARCH } from '../stack/definition.ts';
import { assembleBuildpack } from './buildpack.ts';
import { CACHE, keyOf, ROOT } from './cache.ts';
import { needPrograms, read, run } from './command.ts';
import { findEngine } from './engine.ts';
import { startRegistry } from './registry.ts';
import { imageFolder } from './store.ts';
import { findTools, type Tools } from './tools.ts';

const BUILDER = 'openfunction/builder-node';
const BASES = ['openfunction/build-node:24', 'openfunction/run-node:24'];
const FOLDER = join(CACHE, 'builder');
const ENV = { PACK_HOME: join(FOLDER, 'pack'), PACK_VOLUME_KEY: 'openfunction-builder-node' };

await needPrograms({ skopeo: 'skopeo' });
const tools = await findTools();
await assemble(tools);
const key = await keyOfBuilder();
if (await isCurrent(imageFolder(BUILDER), key)) console.log(`${BUILDER}: up to date in the image store`);
else await publishToStore(tools, key);
const host = await findEngine();
if (host !== undefined) await createInEngine(tools, host, key);

/** Puts builder.toml, the buildpack and the lifecycle side by side, as builder.toml names them. */
async function assemble({ lifecycleTar }: Tools): Promise<void> {
  await mkdir(FOLDER, { recursive: true });
  await cp(join(ROOT, 'builder.toml'), join(FOLDER, 'builder.toml'));
  await cp(lifecycleTar, join(FOLDER, 'lifecycle.tgz'));
  await assembleBuildpack(join(FOLDER, 'buildpack'));
}

async function keyOfBuilder(): Promise<string> {
  const paths: string[] = [];
  for await (const entry of glob('buildpack/**', { cwd: FOLDER, withFileTypes: true })) {
    if (entry.isFile()) paths.push(join(entry.parentPath, entry.name));
  }
  const texts = await Promise.all(paths.toSorted().map(async (path) => `${path}\0${await readFile(path, 'utf8')}`));
  const bases = await Promise.all(BASES.map((name) => realpath(imageFolder(name))));
  return keyOf(['builder.toml'], [...texts, ...bases, tools.lifecycleTar]);
}

async function isCurrent(folder: string, key: string): Promise<boolean> {
  return (await readFile(join(folder, 'key'), 'utf8').catch(() => '')) === key;
}

/** pack needs no engine when it publishes: a registry of the moment takes the images in and gives the builder out. */
async function publishToStore({ pack }: Tools, key: string): Promise<void> {
  const registry = await startRegistry();
  try {
    for (const name of BASES) {
      await skopeo(`oci:${imageFolder(name)}`, `docker://${registry.address}/${name}`);
    }
    const env = { ...ENV, DOCKER_HOST: 'unix:///nonexistent' };
    await run(pack, ['config', 'registry-mirrors', 'add', 'index.docker.io', '--mirror', registry.address], {
      env,
      stdout: 'ignore',
    });
    const builder = `${registry.address}/${BUILDER}`;
    const args = ['builder', 'create', builder, '--config', join(FOLDER, 'builder.toml'), '--publish'];
    await run(pack, [...args, '--target', `linux/${HOST_ARCH}`], { env, stdout: 'ignore' });
    const place = imageFolder(BUILDER);
    const scratch = `${place}.${process.pid}`;
    await mkdir(dirname(place), { recursive: true });
    await skopeo(`docker://${builder}`, `oci:${scratch}`);
    await writeFile(join(scratch, 'key'), key);
    await rm(place, { recursive: true, force: true });
    await rename(scratch, place);
  } finally {
    await registry.stop();
    await rm(ENV.PACK_HOME, { recursive: true, force: true });
  }
  console.log(`${BUILDER}: made in the image store`);
}

async function createInEngine({ pack }: Tools, host: string, key: string): Promise<void> {
  const env = { ...ENV, DOCKER_HOST: host };
  const marker = join(FOLDER, `engine-${Buffer.from(host).toString('base64url')}`);
  const loaded = await read('docker', ['images', '--quiet', BUILDER], { env });
  if (loaded !== '' && (await readFile(marker, 'utf8').catch(() => '')) === key) {
    console.log(`${BUILDER}: up to date in the engine`);
    return;
  }
  for (const name of BASES) await loadIntoEngine(name, env);
  const args = ['builder', 'create', BUILDER, '--config', join(FOLDER, 'builder.toml'), '--pull-policy', 'never'];
  await run(pack, [...args, '--target', `linux/${HOST_ARCH}`], { env, stdout: 'ignore' });
  await writeFile(marker, key);
  console.log(`${BUILDER}: made in the engine`);
}

async function loadIntoEngine(name: string, env: Record<string, string>): Promise<void> {
  const made = await realpath(imageFolder(name));
  const marker = join(FOLDER, `engine-${name.replace('/', '-')}`);
  const id = await read('docker', ['images', '--quiet', '--no-trunc', name], { env });
  if (id !== '' && (await readFile(marker, 'utf8').catch(() => '')) === `${made} ${id}`) return;
  const archive = join(FOLDER, 'image.tar');
  await rm(archive, { force: true });
  await skopeo(`oci:${imageFolder(name)}`, `docker-archive:${archive}:${name}`);
  await run('docker', ['load', '--quiet', '--input', archive], { env, stdout: 'ignore' });
  await rm(archive);
  await writeFile(marker, `${made} ${await read('docker', ['images', '--quiet', '--no-trunc', name], { env })}`);
}

async function skopeo(from: string, to: string): Promise<void> {
  const local = ['--src-tls-verify=false', '--dest-tls-verify=false'];
  const exact = to.startsWith('docker-archive:') ? [] : ['--preserve-digests'];
  await run('skopeo', ['copy', '--quiet', ...exact, ...local, from, to]);
}
