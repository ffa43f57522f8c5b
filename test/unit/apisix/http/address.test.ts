import { expect, test } from 'vitest';
import { addressOf } from '../../../../src/apisix/http/address.ts';

test.each([
  ['7f000001', '127.0.0.1'],
  ['20010db8000000000000000000000001', '2001:db8::1'],
  ['00000000000000000000000000000000', '::'],
  ['00000000000000000000000000000001', '::1'],
  ['20010db8000000010001000100010001', '2001:db8:0:1:1:1:1:1'],
  ['20010000000000010000000000000001', '2001:0:0:1::1'],
  ['fe800000000000000000000000000000', 'fe80::'],
  ['00000000000000000000ffffc0000201', '::ffff:192.0.2.1'],
])('%s is %s', (hex, address) => {
  expect(addressOf(Buffer.from(hex, 'hex'))).toBe(address);
});

test('anything else is none', () => {
  expect(addressOf(new Uint8Array())).toBeUndefined();
  expect(addressOf(new Uint8Array(5))).toBeUndefined();
});
