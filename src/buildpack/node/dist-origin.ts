import { createHash } from 'node:crypto';
import { copyFile, readdir, readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { execa } from 'execa';
import { rsort, valid } from 'semver';
import { nodeArchitecture } from '../../base/architecture.ts';
import { withScratch } from '../../base/scratch.ts';
import { FnError, messageOf, type ErrorCode } from '../../base/error.ts';
import type { Environment } from '../../base/setting.ts';
import { isTable } from '../../base/table.ts';
import type { NodeOrigin } from './origin.ts';

/** What a mirror's answers mean. */
const STATUSES: Readonly<Record<string, ErrorCode>> = {
  401: 'OFN-DEPS-AUTH',
  403: 'OFN-DEPS-AUTH',
  404: 'OFN-NODE-VERSION',
};

/** A place that is laid out like https://nodejs.org/dist, on a web server or in a folder (`file:`). */
export interface DistSite {
  readonly url: URL;
  /** Architecture in the spec's terms. */
  readonly arch: string;
  /** The bundle that downloads. */
  readonly program: string;
  /** Proxy and certificates. */
  readonly env: Environment;
}

/** Node.js out of a mirror, each tarball compared with SHASUMS256.txt beside it. */
export function distOrigin(site: DistSite): NodeOrigin {
  const arch = nodeArchitecture(site.arch);
  const name = shown(site.url);
  return {
    name,
    versions: async () => (site.url.protocol === 'file:' ? versionsInFolder(site) : versionsInIndex(site, arch)),
    async download(version, folder) {
      const file = `node-v${version}-linux-${arch}.tar.gz`;
      if (site.url.protocol === 'file:') await requireInFolder(site, version);
      const sums = join(folder, 'SHASUMS256.txt');
      await get(site, `v${version}/SHASUMS256.txt`, sums);
      const promised = promisedOf(await readFile(sums, 'utf8'), file);
      const path = join(folder, file);
      await get(site, `v${version}/${file}`, path);
      const found = createHash('sha256')
        .update(await readFile(path))
        .digest('hex');
      if (found !== promised) throw differs(`${name}v${version}/${file}`, found, promised);
      return { path, integrity: `sha256-${Buffer.from(found, 'hex').toString('base64')}` };
    },
  };
}

async function versionsInFolder({ url }: DistSite): Promise<string[]> {
  const names: string[] = await readdir(fileURLToPath(url)).catch((error: unknown) => {
    throw unreachable(url, '', messageOf(error), 'OFN-CONFIG');
  });
  return names.filter((entry) => entry.startsWith('v') && valid(entry) !== null).map((entry) => entry.slice(1));
}

/** A folder tells what it has at no cost. */
async function requireInFolder(site: DistSite, version: string): Promise<void> {
  const versions = rsort(await versionsInFolder(site));
  if (versions.includes(version)) return;
  throw new FnError(
    `Couldn't take Node.js ${version} from ${shown(site.url)}: it has ${versions.join(', ') || 'no version'}.`,
    {
      code: 'OFN-NODE-VERSION',
      hint: `Ask for a version that is there, or add the folder v${version} of https://nodejs.org/dist to it.`,
    },
  );
}

async function versionsInIndex(site: DistSite, arch: string): Promise<string[]> {
  const index = await withScratch(tmpdir(), 'ofn-dist', async (scratch): Promise<unknown> => {
    const file = join(scratch, 'index.json');
    await get(site, 'index.json', file);
    return JSON.parse(await readFile(file, 'utf8'));
  });
  const entries: readonly unknown[] = Array.isArray(index) ? index : [];
  return entries.flatMap((entry) => {
    if (!isTable(entry) || typeof entry['version'] !== 'string') return [];
    const files: readonly unknown[] = [entry['files']].flat();
    return files.includes(`linux-${arch}`) ? [entry['version'].replace(/^v/, '')] : [];
  });
}

async function get({ url, program, env }: DistSite, path: string, into: string): Promise<void> {
  const from = new URL(path, url);
  if (url.protocol === 'file:') {
    await copyFile(fileURLToPath(from), into).catch((error: unknown) => {
      throw unreachable(url, path, messageOf(error), 'OFN-NODE-VERSION');
    });
    return;
  }
  // A process of its own: Node.js takes certificates and proxies from its environment, once, when it starts.
  const result = await execa('node', [program, into], {
    env: { ...env, NODE_USE_ENV_PROXY: '1', OFN_DOWNLOAD: from.href },
    extendEnv: false,
    reject: false,
  });
  if (!result.failed) return;
  const status = /^HTTP (\d+)/.exec(result.stderr)?.[1] ?? '';
  throw unreachable(url, path, result.stderr.trim(), STATUSES[status] ?? 'OFN-DEPS-NETWORK');
}

function promisedOf(sums: string, file: string): string {
  const line = sums.split('\n').find((text) => text.endsWith(`  ${file}`));
  return line?.split(' ')[0] ?? 'nothing';
}

function unreachable(url: URL, path: string, why: string, code: ErrorCode): FnError {
  return new FnError(`Couldn't fetch Node.js from ${shown(url)}${path}: ${why}.`, {
    code,
    hint:
      code === 'OFN-DEPS-AUTH'
        ? 'Put user and password into BP_NODE_DIST_URL, as in https://user:password@mirror.example.com/node.'
        : 'BP_NODE_DIST_URL has to be a mirror of https://nodejs.org/dist that has the version; without it Node.js comes from the npm registry.',
  });
}

function differs(what: string, found: string, promised: string): FnError {
  return new FnError(`Couldn't use ${what}: its SHA-256 is ${found}, and SHASUMS256.txt promises ${promised}.`, {
    code: 'OFN-DEPS-INTEGRITY',
    hint: 'Find out why the mirror of BP_NODE_DIST_URL serves other bytes.',
  });
}

/** An address without credentials. */
function shown(url: URL): string {
  const plain = new URL(url);
  plain.username = '';
  plain.password = '';
  return plain.href;
}
