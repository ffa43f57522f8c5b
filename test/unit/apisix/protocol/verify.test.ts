import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as fc from 'fast-check';
import { ByteBuffer, Encoding } from 'flatbuffers';
import { expect, test } from 'vitest';
import { receive } from '../../../../src/apisix/http/entry-list.ts';
import { Req as RequestCall } from '../../../../src/apisix/protocol/a6/httpreq-call/req.ts';
import { Req as PrepareConf } from '../../../../src/apisix/protocol/a6/prepare-conf/req.ts';
import { isSound, SHAPES } from '../../../../src/apisix/protocol/verify.ts';
import { ROOT } from '../../../support/artefact.ts';
import { encode } from '../../../support/apisix/messages.ts';

const WHOLE = encode('request', {
  id: 7,
  src_ip: Buffer.from([127, 0, 0, 1]),
  method: 2,
  path: '/some/path',
  args: [
    ['a', null],
    ['b', ''],
  ],
  headers: [
    ['host', 'example.com'],
    ['cookie', 'a=1'],
  ],
  conf_token: 5,
});

/** Reads all that a filter could ask for. */
function readAll(bytes: Buffer): void {
  const message = RequestCall.getRootAsReq(new ByteBuffer(bytes));
  void message.path(Encoding.UTF8_BYTES);
  void message.srcIpArray();
  receive({ length: message.headersLength(), at: (index, entry) => message.headers(index, entry) });
  receive({ length: message.argsLength(), at: (index, entry) => message.args(index, entry) });
}

test('whole messages are sound', () => {
  expect(isSound(WHOLE, SHAPES.httpRequest)).toBe(true);
  expect(isSound(encode('request', {}), SHAPES.httpRequest)).toBe(true);
  expect(isSound(encode('prepareConf', { conf: [['say', '{}']], key: 'k' }), SHAPES.prepareConf)).toBe(true);
  expect(isSound(encode('response', { status: 200, headers: [] }), SHAPES.httpResponse)).toBe(true);
  expect(isSound(encode('told', { result: Buffer.alloc(3) }), SHAPES.extraInfo)).toBe(true);
});

test.each([0, 1, 3, 4, 8, WHOLE.length - 12])('a message cut after %i bytes is not', (length) => {
  expect(isSound(WHOLE.subarray(0, length), SHAPES.httpRequest)).toBe(false);
});

test('no message makes the check throw, and a sound one can be read', () => {
  const damage = fc.array(fc.tuple(fc.nat(WHOLE.length - 1), fc.nat(255)), { minLength: 1, maxLength: 4 });
  fc.assert(
    fc.property(damage, (changes) => {
      const bytes = Buffer.from(WHOLE);
      for (const [at, value] of changes) bytes[at] = value;
      if (isSound(bytes, SHAPES.httpRequest)) readAll(bytes);
    }),
    { numRuns: 5000 },
  );
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
      for (const shape of Object.values(SHAPES)) expect(isSound(Buffer.from(bytes), shape)).toBeTypeOf('boolean');
    }),
  );
});

/** A message whose table, at `table`, has only the field of its first slot, at `offset`, and a vtable of `length`. */
function farOff({
  table,
  offset,
  length,
}: {
  readonly table: number;
  readonly offset: number;
  readonly length: number;
}) {
  const bytes = Buffer.alloc(table + 70_000);
  bytes.writeUInt32LE(table, 0);
  bytes.writeInt32LE(table - 8, table);
  bytes.writeUInt16LE(length, 8);
  bytes.writeUInt16LE(0xff00, 10);
  bytes.writeUInt16LE(offset, 12);
  return bytes;
}

test('offsets and lengths that readers take for negative ones are none', () => {
  const far = farOff({ table: 33_000, offset: 0x80_00, length: 6 });
  // There, a list without an entry; where the readers would look, one with two thousand millions of them.
  far.writeUInt32LE(0x7f_ff_ff_ff, 33_000 - 0x80_00 + far.readUInt32LE(33_000 - 0x80_00));
  expect(isSound(far, SHAPES.prepareConf)).toBe(false);
  expect(isSound(farOff({ table: 33_000, offset: 0x7f_fc, length: 6 }), SHAPES.prepareConf)).toBe(true);
  expect(isSound(farOff({ table: 40_000, offset: 8, length: 0x80_04 }), SHAPES.prepareConf)).toBe(false);
});

test('whatever the check lets pass, a reader reads within the message', () => {
  const place = fc.constantFrom(0, 4, 8, 0x7f_fc, 0x7f_ff, 0x80_00, 0x80_04, 0xff_fc, 0xff_ff);
  fc.assert(
    fc.property(
      fc.nat(70_000),
      place,
      place,
      fc.constantFrom(0, 1, 2 ** 24, 2 ** 31),
      (table, offset, length, count) => {
        const bytes = farOff({ table: Math.max(16, table), offset, length });
        for (const at of [table + offset, table + offset - 65_536]) {
          if (at > 16 && at + 4 <= bytes.length) bytes.writeUInt32LE(count, at);
        }
        if (!isSound(bytes, SHAPES.prepareConf)) return;
        const message = PrepareConf.getRootAsReq(new ByteBuffer(bytes));
        expect(message.confLength()).toBeLessThan(bytes.length / 4);
        receive({ length: message.confLength(), at: (index, entry) => message.conf(index, entry) });
      },
    ),
    { numRuns: 2000 },
  );
});

test('a text that is pointed at several times counts as often: what is read is never more than what came', () => {
  const [name, text] = ['say', 'x'.repeat(1000)];
  const bytes = encode('prepareConf', { conf: Array.from({ length: 3 }, () => [name, text] as const) });
  expect(isSound(bytes, SHAPES.prepareConf)).toBe(true);
  // All entries become the first one.
  const entries = Array.from({ length: bytes.length / 4 }, (_, index) => 4 * index).find(
    (at) => bytes.readUInt32LE(at) === 3 && at > 16,
  );
  const first = Number(entries) + 4;
  const target = first + bytes.readUInt32LE(first);
  const aliased = Buffer.from(bytes.subarray(0, target + 1100));
  for (const at of [first + 4, first + 8]) aliased.writeUInt32LE(target - at, at);
  expect(isSound(aliased, SHAPES.prepareConf)).toBe(false);
});

test('the shapes are those of the schema', () => {
  const schema = readFileSync(join(ROOT, 'src/apisix/protocol/ext-plugin.fbs'), 'utf8');
  const kinds: Record<string, unknown> = {
    uint32: 4,
    uint16: 2,
    Method: 1,
    string: 'text',
    '[ubyte]': 'bytes',
    '[TextEntry]': 'entries',
  };
  const shapeOf = (namespace: string, table: string): unknown[] => {
    const part = schema.slice(schema.indexOf(`namespace A6.${namespace};`));
    const [, body = ''] = new RegExp(`table ${table} \\{([^}]*)\\}`).exec(part) ?? [];
    return [...body.matchAll(/\w+:([^;]+);/g)].map(([, type = '']) => kinds[type]);
  };
  expect(SHAPES).toEqual({
    prepareConf: shapeOf('PrepareConf', 'Req'),
    httpRequest: shapeOf('HTTPReqCall', 'Req'),
    httpResponse: shapeOf('HTTPRespCall', 'Req'),
    extraInfo: shapeOf('ExtraInfo', 'Resp'),
  });
});
