/** What a field is: a number of so many bytes, a text, bytes, or a list of texts with names. */
type Field = 1 | 2 | 4 | 'text' | 'bytes' | 'entries';

/** The fields of a table by their slots, as ext-plugin.fbs has them. */
export type Shape = readonly Field[];

const TEXT_ENTRY: Shape = ['text', 'text'];

/** The messages that APISIX sends. */
export const SHAPES: {
  readonly prepareConf: Shape;
  readonly httpRequest: Shape;
  readonly httpResponse: Shape;
  readonly extraInfo: Shape;
} = {
  prepareConf: ['entries', 'text'],
  httpRequest: [4, 'bytes', 1, 'text', 'entries', 'entries', 4],
  httpResponse: [4, 2, 'entries', 4],
  extraInfo: ['bytes'],
};

const OFFSET_LENGTH = 4;

/**
 * Whether everything that a message points at lies within it, which the readers of FlatBuffers take for granted.
 * The format: https://flatbuffers.dev/internals/
 */
export function isSound(bytes: Buffer, shape: Shape): boolean {
  if (bytes.length < OFFSET_LENGTH) return false;
  return isTable(bytes, bytes.readUInt32LE(0), shape);
}

function isTable(bytes: Buffer, table: number, shape: Shape): boolean {
  if (!lies(bytes, table, 4)) return false;
  const vtable = table - bytes.readInt32LE(table);
  if (!lies(bytes, vtable, 4)) return false;
  const vtableLength = bytes.readUInt16LE(vtable);
  const tableLength = bytes.readUInt16LE(vtable + 2);
  if (vtableLength < 4 || vtableLength % 2 !== 0 || !lies(bytes, vtable, vtableLength)) return false;
  if (tableLength < 4 || !lies(bytes, table, tableLength)) return false;
  for (let slot = 0; slot < shape.length; slot += 1) {
    const entry = 4 + 2 * slot;
    if (entry >= vtableLength) return true;
    const offset = bytes.readUInt16LE(vtable + entry);
    // oxlint-disable-next-line typescript/no-non-null-assertion -- slot is below its length
    if (offset !== 0 && !isField(bytes, table, { offset, tableLength }, shape[slot]!)) return false;
  }
  return true;
}

function isField(
  bytes: Buffer,
  table: number,
  { offset, tableLength }: { readonly offset: number; readonly tableLength: number },
  field: Field,
): boolean {
  const length = typeof field === 'number' ? field : OFFSET_LENGTH;
  if (offset < 4 || offset + length > tableLength) return false;
  if (typeof field === 'number') return true;
  const at = table + offset;
  const target = at + bytes.readUInt32LE(at);
  return field === 'entries' ? isEntries(bytes, target) : isVector(bytes, target, 1);
}

function isEntries(bytes: Buffer, vector: number): boolean {
  if (!isVector(bytes, vector, OFFSET_LENGTH)) return false;
  const end = vector + 4 + bytes.readUInt32LE(vector) * OFFSET_LENGTH;
  for (let at = vector + 4; at < end; at += OFFSET_LENGTH) {
    if (!isTable(bytes, at + bytes.readUInt32LE(at), TEXT_ENTRY)) return false;
  }
  return true;
}

function isVector(bytes: Buffer, vector: number, size: number): boolean {
  return lies(bytes, vector, 4) && lies(bytes, vector + 4, bytes.readUInt32LE(vector) * size);
}

function lies(bytes: Buffer, start: number, length: number): boolean {
  return start >= 0 && start + length <= bytes.length;
}
