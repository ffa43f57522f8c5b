import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  decodeStatusMessage,
  encodeStatusMessage,
  GRPC_STATUS,
  GrpcError,
  toGrpcError,
} from '../../../../src/framework/grpc/status.ts';
import { parseTimeout } from '../../../../src/framework/grpc/timeout.ts';

test('messages survive their way through a header', () => {
  const property = fc.property(fc.string({ unit: 'binary', maxLength: 200 }), (message) => {
    const header = encodeStatusMessage(message);
    expect(header).toMatch(/^[ -~]*$/);
    expect(decodeStatusMessage(header)).toBe(message.toWellFormed());
  });
  fc.assert(property);
});

test.each([
  ['plain text', 'plain text'],
  ['100 %', '100 %25'],
  ['line\nfeed', 'line%0Afeed'],
  ['Füße 🦶', 'F%C3%BC%C3%9Fe %F0%9F%A6%B6'],
  ['\uD800', '%EF%BF%BD'],
])('%j is sent as %s', (message, header) => {
  expect(encodeStatusMessage(message)).toBe(header);
});

test('a broken escape is taken as it is', () => {
  expect(decodeStatusMessage('100 %, %zz')).toBe('100 %, %zz');
});

test('a message without end is cut', () => {
  expect(encodeStatusMessage('ü'.repeat(1_000_000)).length).toBeLessThan(8192);
});

test('anything thrown is a status', () => {
  const error = new GrpcError(GRPC_STATUS.NOT_FOUND, 'no');
  expect(toGrpcError(error)).toBe(error);
  expect(toGrpcError(new Error('why'))).toEqual(new GrpcError(2, 'why'));
  expect(toGrpcError(undefined)).toEqual(new GrpcError(2, 'undefined'));
});

test.each([
  ['5S', 5000],
  ['100m', 100],
  ['1M', 60_000],
  ['1500u', 1.5],
  ['1000000n', 1],
  ['99999999H', 2 ** 31 - 1],
  ['0S', 0],
  ['5', undefined],
  ['S', undefined],
  ['-1S', undefined],
  ['123456789S', undefined],
  ['5s', undefined],
  ['', undefined],
])('grpc-timeout %s is %s milliseconds', (header, milliseconds) => {
  expect(parseTimeout(header)).toBe(milliseconds);
});
