import { glob, readFile, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { parseJson } from '../../base/json.ts';
import { byCodeUnits } from '../../base/order.ts';
import { isTable } from '../../base/table.ts';
import { withoutCredentials } from './addresses.ts';
import { isNotOfApp } from '../project/own-folders.ts';

/** Names of files that have addresses of packages, and of the app's own repository. */
export const WITH_ADDRESSES: ReadonlySet<string> = new Set([
  'package.json',
  'package-lock.json',
  'npm-shrinkwrap.json',
  'pnpm-lock.yaml',
  'pnpm-workspace.yaml',
  'yarn.lock',
  'bun.lock',
]);
const FILES = `**/{${[...WITH_ADDRESSES].join(',')}}`;
const ADDRESS = /(?<=^|[\s"'@+{])https?:\/\/[^\s"'/@]+@[^\s"',}]+/g;
const KINDS = [
  'dependencies',
  'devDependencies',
  'optionalDependencies',
  'peerDependencies',
  'overrides',
  'resolutions',
  'pnpm',
  'catalog',
  'catalogs',
  'repository',
  'homepage',
  'bugs',
  'funding',
];

/** A user and a password, as an address has them. */
export interface AddressCredentials {
  /** The address with them, as far as it names a file or a repository. */
  readonly address: string;
  /** The address without them. */
  readonly url: URL;
  /** `user:password`, decoded. */
  readonly pair: string;
}

/** What a lock file or a manifest has in its place in an image: its text without users and passwords of packages. */
export function cleanFile(path: string, text: string): string {
  return basename(path) === 'package.json' ? cleanManifest(text) : withoutCredentials(text);
}

/** The users and passwords of addresses in a text, each address once. */
export function credentialsIn(text: string): readonly AddressCredentials[] {
  const addresses = new Set([...text.matchAll(ADDRESS)].map(([address = '']) => address));
  return [...addresses]
    .filter((address) => URL.canParse(address))
    .map((address) => {
      const url = new URL(address);
      url.hash = '';
      const { href } = url;
      const pair = [url.username, url.password].map(decodeURIComponent).join(':');
      url.username = '';
      url.password = '';
      return { address: href, url, pair };
    });
}

/**
 * Takes users and passwords out of the addresses of packages in lock files and manifests of the app, which are in the
 * image, and gives those by the paths of the files that had any, sorted.
 */
export async function removeCredentials(appDir: string): Promise<ReadonlyMap<string, readonly AddressCredentials[]>> {
  const found = new Map<string, readonly AddressCredentials[]>();
  for await (const path of glob(FILES, { cwd: appDir, exclude: isNotOfApp })) {
    const text = await readFile(join(appDir, path), 'utf8');
    const clean = cleanFile(path, text);
    if (clean === text) continue;
    await writeFile(join(appDir, path), clean);
    found.set(path, credentialsIn(text));
  }
  return new Map([...found].toSorted(([a], [b]) => byCodeUnits(a, b)));
}

/** Addresses elsewhere in a manifest, such as in settings of tools, are the function's own. */
function cleanManifest(text: string): string {
  const manifest = parseJson(text);
  if (!isTable(manifest)) return text;
  return KINDS.flatMap((kind) => textsIn(manifest[kind])).reduce(
    (clean, range) => clean.replaceAll(JSON.stringify(range), JSON.stringify(withoutCredentials(range))),
    text,
  );
}

/** Overrides may be tables in tables. */
function textsIn(value: unknown): readonly string[] {
  if (typeof value === 'string') return [value];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(textsIn) : [];
}
