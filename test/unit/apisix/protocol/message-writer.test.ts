import { expect, test } from 'vitest';
import { Resp } from '../../../../src/apisix/protocol/a6/extra-info/resp.ts';
import { FRAME, HEADER_LENGTH, MAX_PAYLOAD } from '../../../../src/apisix/protocol/frame.ts';
import { MessageWriter } from '../../../../src/apisix/protocol/message-writer.ts';
import { decode } from '../../../support/apisix/messages.ts';
import { failureOf } from '../../../support/failure.ts';

function told(writer: MessageWriter, body: Uint8Array): Uint8Array {
  writer.begin(body.length);
  const result = writer.bytes(body);
  return writer.finish(FRAME.EXTRA_INFO, Resp.createResp(writer.builder, result));
}

test.each([0, 1, 100, 70_000, 300_000])('a frame with %i bytes says its kind and length', (length) => {
  const writer = new MessageWriter();
  const body = Buffer.alloc(length, 'x');
  for (const _ of [1, 2]) {
    const frame = Buffer.from(told(writer, body));
    expect(frame[0]).toBe(FRAME.EXTRA_INFO);
    expect(frame.readUIntBE(1, 3)).toBe(frame.length - HEADER_LENGTH);
    expect(decode('told', frame.subarray(HEADER_LENGTH))).toEqual({ result: body.toString() });
  }
});

test('a message may have as many bytes as a frame has room for, and no more', async () => {
  const writer = new MessageWriter();
  const overhead = told(writer, Buffer.alloc(4)).length - HEADER_LENGTH - 4;
  const most = Math.floor((MAX_PAYLOAD - overhead) / 4) * 4;
  expect(told(writer, Buffer.alloc(most)).length).toBeLessThanOrEqual(MAX_PAYLOAD + HEADER_LENGTH);
  expect(await failureOf(() => told(writer, Buffer.alloc(most + 4)))).toContain('OFN-APISIX-REPLY');
});

test('memory that somebody still reads is not written over', () => {
  const writer = new MessageWriter();
  const first = told(writer, Buffer.from('first'));
  const copy = Buffer.from(first);
  writer.renew();
  told(writer, Buffer.from('second, and longer'));
  expect(Buffer.from(first)).toEqual(copy);
});
