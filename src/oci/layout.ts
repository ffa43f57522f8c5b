import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { FnError, messageOf } from '../base/error.ts';
import { isTable, type Table } from '../base/table.ts';

/** A blob by its digest: https://github.com/opencontainers/image-spec/blob/main/descriptor.md */
export interface Descriptor {
  /** `sha256:` and 64 hex digits. */
  readonly digest: string;
  /** Bytes. */
  readonly size: number;
  readonly mediaType: string;
}

/** What an image says of the process to start: https://github.com/opencontainers/image-spec/blob/main/config.md */
export interface ImageConfig {
  readonly env: Readonly<Record<string, string>>;
  readonly entrypoint: readonly string[];
  readonly command: readonly string[];
  readonly user: string;
  readonly workingDir: string;
  readonly labels: Readonly<Record<string, string>>;
}

/** An image in a layout. */
export interface LayoutImage {
  readonly folder: string;
  /** The manifest's. */
  readonly digest: string;
  /** What its programs are for: `amd64`, `arm64`. */
  readonly arch: string;
  /** The lowest first, compressed as they are stored. */
  readonly layers: readonly Descriptor[];
  /** Digests of the layers as plain tar files, in the same order. */
  readonly diffIds: readonly string[];
  readonly config: ImageConfig;
}

/** Manifests and configurations are lists of names; anything larger is not one. */
const LIMIT = 8 * 1024 * 1024;

/** Opens the image of an OCI layout for `linux/<arch>`; undefined when there is no layout. */
export async function openLayout(folder: string, arch: string): Promise<LayoutImage | undefined> {
  const text = await readFile(join(folder, 'index.json'), 'utf8').catch(() => undefined);
  if (text === undefined) return undefined;
  const found = await findManifest(folder, tableOf(parse(folder, text), folder), arch);
  const manifest = await readBlob(folder, found);
  const config = await readBlob(folder, descriptorOf(manifest['config'], folder));
  const layers = listOf(manifest['layers'], folder).map((layer) => descriptorOf(layer, folder));
  const diffIds = listOf(tableOf(config['rootfs'], folder)['diff_ids'], folder).map(String);
  if (diffIds.length !== layers.length) throw broken(folder, 'layers and diff_ids differ in number');
  return {
    folder,
    digest: found.digest,
    arch: String(config['architecture']),
    layers,
    diffIds,
    config: configOf(config, folder),
  };
}

/** The path of a blob; its digest is checked to be one, so that it never leads elsewhere. */
export function blobPath(folder: string, digest: string): string {
  const hex = /^sha256:([0-9a-f]{64})$/.exec(digest)?.[1];
  if (hex === undefined) throw broken(folder, `"${digest}" is not a sha256 digest`);
  return join(folder, 'blobs', 'sha256', hex);
}

async function findManifest(folder: string, index: Table, arch: string): Promise<Descriptor> {
  const manifests = listOf(index['manifests'], folder).map((entry) => tableOf(entry, folder));
  const fits = (entry: Table): boolean => {
    const platform = entry['platform'];
    return !isTable(platform) || (platform['architecture'] === arch && platform['os'] === 'linux');
  };
  const entry = manifests.find(fits);
  if (entry === undefined) throw broken(folder, `it has no image for linux/${arch}`);
  const descriptor = descriptorOf(entry, folder);
  if (!descriptor.mediaType.endsWith('.index.v1+json')) return descriptor;
  return findManifest(folder, await readBlob(folder, descriptor), arch);
}

async function readBlob(folder: string, { digest, size }: Descriptor): Promise<Table> {
  if (size > LIMIT) throw broken(folder, `${digest} is larger than ${LIMIT} bytes`);
  const bytes = await readFile(blobPath(folder, digest)).catch((error: unknown) => {
    throw broken(folder, messageOf(error));
  });
  const actual = `sha256:${createHash('sha256').update(bytes).digest('hex')}`;
  if (actual !== digest) throw broken(folder, `${digest} is ${actual}`);
  return tableOf(parse(folder, bytes.toString('utf8')), folder);
}

function configOf(file: Table, folder: string): ImageConfig {
  const config = tableOf(file['config'] ?? {}, folder);
  const pairs = texts(config['Env']).map((line) => [
    line.slice(0, line.indexOf('=')),
    line.slice(line.indexOf('=') + 1),
  ]);
  const labels = isTable(config['Labels']) ? config['Labels'] : {};
  return {
    env: Object.fromEntries(pairs),
    entrypoint: texts(config['Entrypoint']),
    command: texts(config['Cmd']),
    user: typeof config['User'] === 'string' ? config['User'] : '',
    workingDir: typeof config['WorkingDir'] === 'string' && config['WorkingDir'] !== '' ? config['WorkingDir'] : '/',
    labels: Object.fromEntries(Object.entries(labels).map(([key, value]) => [key, String(value)])),
  };
}

function texts(value: unknown): string[] {
  return Array.isArray(value) ? value.map(String) : [];
}

function descriptorOf(value: unknown, folder: string): Descriptor {
  const { digest, size, mediaType } = tableOf(value, folder);
  if (typeof digest !== 'string' || typeof size !== 'number')
    throw broken(folder, 'a descriptor has no digest or size');
  return { digest, size, mediaType: String(mediaType) };
}

function parse(folder: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw broken(folder, messageOf(error));
  }
}

function tableOf(value: unknown, folder: string): Table {
  if (isTable(value)) return value;
  throw broken(folder, 'an object is missing');
}

function listOf(value: unknown, folder: string): readonly unknown[] {
  if (Array.isArray(value)) return value;
  throw broken(folder, 'a list is missing');
}

/** A failure to make sense of a layout. */
export function broken(folder: string, what: string): FnError {
  return new FnError(`Couldn't read the OCI layout ${folder}: ${what}.`, {
    code: 'OFN-IMAGE-LAYOUT',
    hint: 'Remove the folder and get the image again.',
  });
}
