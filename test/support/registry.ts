import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { dirname, join } from 'node:path';
import { execa } from 'execa';
import { onTestFinished } from 'vitest';
import { makeFolder } from './workspace.ts';

/** A package for the registry: its name, and files besides package.json, which has `manifest` in it. */
export interface RegistryPackage {
  readonly name: string;
  /** 1.0.0 without it. */
  readonly version?: string;
  readonly manifest?: object;
  readonly files: Readonly<Record<string, string>>;
}

/** A registry of packages over TLS, which answers only who has its token, as such or as the password of the user "me". */
export interface Registry {
  /** Its address, with a slash at the end. */
  readonly url: string;
  /** Its address as keys of .npmrc have it. */
  readonly key: string;
  /** The certificate of the authority that signed its own, in PEM. */
  readonly authority: string;
  /** The tarball of a package by its name. */
  readonly tarballs: ReadonlyMap<string, Buffer>;
  /** What was asked for without the token: `METHOD path`. */
  readonly refused: readonly string[];
  /** What was answered: `METHOD path`. */
  readonly answered: readonly string[];
}

const VERSION = '1.0.0';

/** Starts a registry that has one version of some packages, at an address of this machine, and lives until the test ends. */
export async function startRegistry(
  token: string,
  packages: readonly RegistryPackage[],
  host = '127.0.0.1',
): Promise<Registry> {
  const refused: string[] = [];
  const answered: string[] = [];
  const tarballs = new Map<string, Buffer>();
  for (const one of packages) tarballs.set(one.name, await tarballOf(one));
  const { authority, ...identity } = await makeCertificates(host);
  const server = createServer(identity, (request, response) => {
    const path = decodeURIComponent(request.url ?? '').slice(1);
    const line = `${request.method} /${path}`;
    const basic = Buffer.from(`me:${token}`).toString('base64');
    if (![`Bearer ${token}`, `Basic ${basic}`].includes(request.headers.authorization ?? '')) {
      refused.push(line);
      response.writeHead(401, { 'content-type': 'application/json' }).end('{"error":"unauthorized"}');
      return;
    }
    const found = packages.find((one) => path === one.name || path === `${one.name}/-/${fileOf(one)}`);
    answered.push(line);
    if (found === undefined) response.writeHead(404, { 'content-type': 'application/json' }).end('{}');
    else if (path === found.name) response.end(JSON.stringify(documentOf(found, url, tarballs.get(found.name))));
    else response.end(tarballs.get(found.name));
  });
  server.listen(0, host);
  await once(server, 'listening');
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- it listens on a port
  const key = `//${host}:${(server.address() as AddressInfo).port}/`;
  const url = `https:${key}`;
  return { url, key, authority, tarballs, refused, answered };
}

function fileOf({ name, version = VERSION }: RegistryPackage): string {
  return `${name.split('/').at(-1)}-${version}.tgz`;
}

function manifestOf({ name, version = VERSION, manifest }: RegistryPackage): object {
  return { name, version, ...manifest };
}

function documentOf(one: RegistryPackage, url: string, tarball: Buffer = Buffer.alloc(0)): object {
  const { version = VERSION } = one;
  const hash = (algorithm: string) => createHash(algorithm).update(tarball);
  const dist = {
    tarball: `${url}${one.name}/-/${fileOf(one)}`,
    shasum: hash('sha1').digest('hex'),
    integrity: `sha512-${hash('sha512').digest('base64')}`,
  };
  return {
    name: one.name,
    'dist-tags': { latest: version },
    versions: { [version]: { ...manifestOf(one), dist } },
    time: { [version]: '2020-01-01T00:00:00.000Z' },
  };
}

async function tarballOf(one: RegistryPackage): Promise<Buffer> {
  const folder = makeFolder();
  const files = { 'package.json': JSON.stringify(manifestOf(one)), ...one.files };
  for (const [path, text] of Object.entries(files)) {
    const file = join(folder, 'package', path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
  }
  const how = ['--sort=name', '--mtime=@0', '--owner=0', '--group=0', '--numeric-owner'];
  const { stdout } = await execa('tar', ['--create', '--gzip', ...how, 'package'], { cwd: folder, encoding: 'buffer' });
  return Buffer.from(stdout);
}

async function makeCertificates(host: string): Promise<{ authority: string; key: string; cert: string }> {
  const folder = makeFolder();
  const openssl = async (args: string) => execa('openssl', args.split(' '), { cwd: folder });
  const newKey = '-newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes';
  await openssl(`req -x509 ${newKey} -keyout ca.key -out ca.pem -days 2 -subj /CN=authority-of-a-test`);
  const usage = `-addext subjectAltName=IP:${host} -addext basicConstraints=CA:FALSE`;
  await openssl(
    `req -x509 -CA ca.pem -CAkey ca.key ${newKey} -keyout key.pem -out cert.pem -days 2 -subj /CN=${host} ${usage}`,
  );
  const read = (name: string): string => readFileSync(join(folder, name), 'utf8');
  return { authority: read('ca.pem'), key: read('key.pem'), cert: read('cert.pem') };
}
