// The messages of the protocol as the tests write and read them: by code of their own, out of the schema alone.

/** A text, or its bytes. */
export type Told = string | Buffer;
/** A name and a value; null for one that is absent. */
export type TestEntry = readonly [name: Told, value: Told | null];

type Kind = 'u8' | 'u16' | 'u32' | 'text' | 'bytes' | 'entries' | TableShape;
interface TableShape {
  readonly [field: string]: Kind;
}

const ENTRY: TableShape = { name: 'text', value: 'text' };
const STOP: TableShape = { status: 'u16', headers: 'entries', body: 'bytes' };
const REWRITE: TableShape = {
  path: 'text',
  headers: 'entries',
  args: 'entries',
  resp_headers: 'entries',
  body: 'bytes',
};

/** The tables by their names; what a union holds is read by its type. */
export const MESSAGES = {
  error: { code: 'u8' },
  prepareConf: { conf: 'entries', key: 'text' },
  confToken: { conf_token: 'u32' },
  request: {
    id: 'u32',
    src_ip: 'bytes',
    method: 'u8',
    path: 'text',
    args: 'entries',
    headers: 'entries',
    conf_token: 'u32',
  },
  requestReply: { id: 'u32', action_type: 'u8', action: {} },
  question: { info_type: 'u8', info: { name: 'text' } },
  told: { result: 'bytes' },
  response: { id: 'u32', status: 'u16', headers: 'entries', conf_token: 'u32' },
  responseReply: { id: 'u32', status: 'u16', headers: 'entries', body: 'bytes' },
} as const satisfies Record<string, TableShape>;

export type MessageName = keyof typeof MESSAGES;

/** The fields of a message; what is left out is not written. */
export type Fields = Readonly<Record<string, number | Told | readonly TestEntry[] | undefined>>;

/** Writes a message. */
export function encode(name: MessageName, fields: Fields): Buffer {
  const out: number[] = [0, 0, 0, 0];
  put32(out, 0, writeTable(out, MESSAGES[name], fields));
  return Buffer.from(out);
}

function writeTable(out: number[], shape: TableShape, fields: Fields): number {
  const names = Object.keys(shape);
  const vtable = out.length;
  for (let i = 0; i < 4 + 2 * names.length; i += 1) out.push(0);
  align(out);
  const table = out.length;
  push32(out, table - vtable);
  const children: (() => void)[] = [];
  for (const [slot, name] of names.entries()) {
    const value = fields[name];
    if (value === undefined) continue;
    const at = out.length;
    put16(out, vtable + 4 + 2 * slot, at - table);
    push32(out, typeof value === 'number' ? value : 0);
    if (typeof value !== 'number') children.push(() => put32(out, at, writeVector(out, value) - at));
  }
  put16(out, vtable, 4 + 2 * names.length);
  put16(out, vtable + 2, out.length - table);
  for (const write of children) write();
  return table;
}

function writeVector(out: number[], value: Told | readonly TestEntry[]): number {
  align(out);
  const start = out.length;
  if (!Array.isArray(value)) {
    const bytes = Buffer.from(value as string);
    push32(out, bytes.length);
    for (const byte of bytes) out.push(byte);
    out.push(0);
    align(out);
    return start;
  }
  const entries = value as readonly TestEntry[];
  push32(out, entries.length);
  for (const _ of entries) push32(out, 0);
  for (const [index, [name, text]] of entries.entries()) {
    const place = start + 4 + 4 * index;
    put32(out, place, writeTable(out, ENTRY, { name, value: text ?? undefined }) - place);
  }
  return start;
}

function align(out: number[]): void {
  while (out.length % 4 !== 0) out.push(0);
}

function push32(out: number[], value: number): void {
  out.push(value & 0xff, (value >>> 8) & 0xff, (value >>> 16) & 0xff, value >>> 24);
}

function put16(out: number[], at: number, value: number): void {
  out[at] = value & 0xff;
  out[at + 1] = value >>> 8;
}

function put32(out: number[], at: number, value: number): void {
  put16(out, at, value & 0xffff);
  put16(out, at + 2, value >>> 16);
}

/** What was read: numbers, texts (a character for each byte, or UTF-8 where it is), lists and tables. */
export type Read = Record<string, unknown>;

/** Reads a message; what is not there is undefined. */
export function decode(name: MessageName, bytes: Buffer): Read {
  const read = readTable(bytes, bytes.readUInt32LE(0), MESSAGES[name]);
  if (name !== 'requestReply') return read;
  const actions: Record<number, TableShape> = { 1: STOP, 2: REWRITE };
  const shape = actions[Number(read['action_type'] ?? 0)];
  const action = shape === undefined ? undefined : readField(bytes, bytes.readUInt32LE(0), 2, shape);
  const kind = { 1: 'stop', 2: 'rewrite' }[Number(read['action_type'] ?? 0)];
  const id = read['id'] ?? 0;
  return kind === undefined ? { id } : { id, [kind]: action };
}

function readTable(bytes: Buffer, table: number, shape: TableShape): Read {
  const fields = Object.entries(shape).map(
    ([name, kind], slot) => [name, readField(bytes, table, slot, kind)] as const,
  );
  return Object.fromEntries(fields.filter(([, value]) => value !== undefined));
}

function readField(bytes: Buffer, table: number, slot: number, kind: Kind): unknown {
  const vtable = table - bytes.readInt32LE(table);
  const entry = 4 + 2 * slot;
  if (entry >= bytes.readUInt16LE(vtable)) return undefined;
  const offset = bytes.readUInt16LE(vtable + entry);
  if (offset === 0) return undefined;
  const at = table + offset;
  if (kind === 'u8') return bytes.readUInt8(at);
  if (kind === 'u16') return bytes.readUInt16LE(at);
  if (kind === 'u32') return bytes.readUInt32LE(at);
  const target = at + bytes.readUInt32LE(at);
  if (typeof kind === 'object') return readTable(bytes, target, kind);
  const length = bytes.readUInt32LE(target);
  if (kind !== 'entries') {
    const content = bytes.subarray(target + 4, target + 4 + length);
    return kind === 'bytes' ? content.toString('latin1') : content.toString();
  }
  return Array.from({ length }, (_, index) => {
    const place = target + 4 + 4 * index;
    const { name, value } = readTable(bytes, place + bytes.readUInt32LE(place), ENTRY);
    return [name, value ?? null];
  });
}
