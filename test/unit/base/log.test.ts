import { expect, test } from 'vitest';
import { createLog } from '../../../src/base/log.ts';

function linesOf(options?: { verbose: boolean }): string {
  let written = '';
  const log = createLog({ write: (text) => (written += text) }, options);
  log.debug('d');
  log.info('i');
  log.warn('w');
  log.error('e');
  return written;
}

test('a line a call, warnings marked, debug only when verbose', () => {
  expect(linesOf()).toBe('i\nWARNING: w\ne\n');
  expect(linesOf({ verbose: true })).toBe('d\ni\nWARNING: w\ne\n');
});
