import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as fc from 'fast-check';
import { ByteBuffer, Encoding } from 'flatbuffers';
import { expect, test } from 'vitest';
import { receive } from '../../../../src/apisix/http/entry-list.ts';
import { Req as RequestCall } from '../../../../src/apisix/protocol/a6/httpreq-call/req.ts';
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
