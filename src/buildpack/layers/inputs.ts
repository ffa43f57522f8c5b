import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DIGEST, type LayerInputs } from '../../base/layer-inputs.ts';
import type { Table } from '../../base/table.ts';
import { kindOf } from '../../libcnb/text-file.ts';
import { withoutCredentials } from '../bindings/addresses.ts';
import { COMPILED_CODE } from '../launch/function-layer.ts';

/** What tells what a layer was made of. */
export interface Origin {
  /** The layer's metadata, as its own step wrote it. */
  readonly metadata: Table;
  /** Absolute folder of the layer. */
  readonly folder: string;
  /** What decided the installed packages; none where nothing is installed. */
  readonly modules: LayerInputs;
  /** What the previous build told of it; one that is taken over is not on disk. */
  readonly was: LayerInputs | undefined;
}

/** What each layer of an image is made of: names for people. Layers that are not here are for builds alone. */
const INPUTS: Readonly<Record<string, (origin: Origin) => LayerInputs | Promise<LayerInputs>>> = {
  node: ({ metadata }) => ({ version: String(metadata['version']), architecture: String(metadata['arch']) }),
  framework: ({ metadata }) => ({ version: String(metadata['version']), files: begin(String(metadata['digest'])) }),
  modules: ({ modules }) => modules,
  'compile-cache': ({ metadata }) => ({
    'Node.js': String(metadata['node']),
    'functions framework': begin(String(metadata['framework'])),
    dependencies: begin(String(metadata['modules'])),
  }),
  function: filesOf,
  application: filesOf,
};

/** What a layer was made of; undefined where it is none of an image. */
export async function layerInputs(name: string, origin: Origin): Promise<LayerInputs | undefined> {
  return INPUTS[name]?.(origin);
}

/**
 * The beginning of the digest of anything that JSON can hold: enough to see that it is another one. Passwords of addresses
 * are not in it, because it gets into labels.
 */
export function digestOf(value: unknown): string {
  return begin(
    createHash('sha256')
      .update(withoutCredentials(JSON.stringify(value)))
      .digest('hex'),
  );
}

function begin(digest: string): string {
  return DIGEST + digest.slice(0, 12);
}

/** The few files that the build wrote itself; a launch variable by its name. */
async function filesOf({ folder, was }: Origin): Promise<LayerInputs> {
  if ((await kindOf(folder)) === undefined) return was ?? {};
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  const isCode = (path: string): boolean => path.startsWith(join(folder, COMPILED_CODE, '/'));
  const code = await Promise.all(
    files
      .filter(isCode)
      .toSorted()
      .map(async (path) => readFile(path, 'base64')),
  );
  const others = files.filter((path) => !isCode(path)).toSorted();
  const inputs = others.map(async (path) => {
    const name = path.slice(folder.length + 1).replace(/^env\.launch\/(\w+)\.\w+$/, '$1');
    return [name, digestOf(await readFile(path, 'utf8'))] as const;
  });
  const compiled = code.length === 0 ? {} : { 'compiled code of the app': digestOf(code) };
  return { ...Object.fromEntries(await Promise.all(inputs)), ...compiled };
}
