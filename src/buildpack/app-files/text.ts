import { brotliCompressSync, brotliDecompressSync, constants } from 'node:zlib';
import { parseJson } from '../../base/json.ts';
import { byCodeUnits } from '../../base/order.ts';
import { isTable } from '../../base/table.ts';
import { KINDS, type Kind } from './app-files.ts';
import type { MadeFile, MadeFiles } from './made-files.ts';

/**
 * The most characters of a text: it is in a label. Podman, CRI-O and skopeo read configs of images of 4 MiB at most, an
 * object in a cluster that holds one may have 1.5 MiB, and `docker ps` reads the labels of every container.
 */
export const MOST_TEXT: number = 128_000;
/** The most bytes of what a text unpacks to: sixteen times what is packed, where output of compilers has four to eight. */
export const MOST_UNPACKED: number = 2_000_000;
/** The highest, 11, takes 11 times as long and saves 8 % of what compilers write. */
const QUALITY = 9;
const END_OF_INDEX = '\n';

/** What was made as a text, the same for the same files: an index in JSON and the files, compressed, in base64. */
export function encodeMade({ removed, added }: MadeFiles): string {
  const index = { removed, added: added.map(({ path, kind, content }) => [path, kind, content.length]) };
  const payload = Buffer.concat([
    Buffer.from(JSON.stringify(index) + END_OF_INDEX),
    ...added.map(({ content }) => content),
  ]);
  const params = { [constants.BROTLI_PARAM_QUALITY]: QUALITY, [constants.BROTLI_PARAM_SIZE_HINT]: payload.length };
  return brotliCompressSync(payload, { params }).toString('base64');
}

/** What a text says was made; undefined for anything else, also for what is larger than `encodeMade` may have had. */
export function decodeMade(text: string): MadeFiles | undefined {
  const payload = text.length > MOST_TEXT ? undefined : unpack(text);
  const end = payload?.indexOf(END_OF_INDEX) ?? -1;
  if (payload === undefined || end === -1) return undefined;
  const index = readIndex(payload.toString('utf8', 0, end));
  return index && cut(payload.subarray(end + END_OF_INDEX.length), index);
}

function unpack(text: string): Buffer | undefined {
  try {
    return brotliDecompressSync(Buffer.from(text, 'base64'), { maxOutputLength: 2 * MOST_UNPACKED });
  } catch {
    return undefined;
  }
}

interface Index {
  readonly removed: readonly string[];
  readonly added: readonly (readonly [path: string, kind: Kind, size: number])[];
}

function readIndex(json: string): Index | undefined {
  const index = parseJson(json);
  const { removed, added } = isTable(index) ? index : {};
  const isSound = Array.isArray(removed) && removed.every(isText) && Array.isArray(added) && added.every(isEntry);
  return isSound && isInOrder(added) ? { removed, added } : undefined;
}

/** Folders stand before what is in them, and nothing stands twice. */
function isInOrder(added: Index['added']): boolean {
  return added.every(([path], at) => at === 0 || byCodeUnits(added[at - 1]?.[0] ?? '', path) < 0);
}

function isText(value: unknown): value is string {
  return typeof value === 'string';
}

function isEntry(value: unknown): value is Index['added'][number] {
  if (!Array.isArray(value) || value.length !== 3) return false;
  const [path, kind, size] = value;
  return isText(path) && KINDS.some((known) => known === kind) && Number.isSafeInteger(size) && size >= 0;
}

/** The contents stand one after the other, and there is nothing else. */
function cut(contents: Buffer, { removed, added }: Index): MadeFiles | undefined {
  let at = 0;
  const files: MadeFile[] = [];
  for (const [path, kind, size] of added) {
    files.push({ path, kind, content: contents.subarray(at, at + size) });
    at += size;
  }
  return at === contents.length ? { removed, added: files } : undefined;
}
