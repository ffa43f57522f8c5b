import { expect, test } from 'vitest';
import { createLog, type LogLevel } from '../../../src/base/log.ts';

function linesOf(options?: { level: LogLevel }): string {
  let written = '';
  const log = createLog({ write: (text) => (written += text) }, options);
  log.debug('d');
  log.info('i');
  log.warn('w');
  log.error('e');
  return written;
}

test('a line a call, warnings marked, from a level on', () => {
  expect(linesOf()).toBe('i\nWARNING: w\ne\n');
  expect(linesOf({ level: 'debug' })).toBe('d\ni\nWARNING: w\ne\n');
  expect(linesOf({ level: 'error' })).toBe('e\n');
});
