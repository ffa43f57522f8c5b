import { Writable } from 'node:stream';
import { expect, test } from 'vitest';
import { createRunnerLog, written } from '../../../../src/apisix/log/runner-log.ts';

function logTo(level: 'debug' | 'warn') {
  const stream = { text: '', writableLength: 0, write: (text: string) => void (stream.text += text) };
  return { stream, log: createRunnerLog(stream, level, () => new Date(0)) };
}

test('lines have time, level and text, from a level on', () => {
  const { stream, log } = logTo('warn');
  log.debug('a');
  log.info('b');
  log.warn('c');
  log.error('d');
  expect(stream.text).toBe('1970-01-01T00:00:00.000Z\tWARN\tc\n1970-01-01T00:00:00.000Z\tERROR\td\n');
});

test('what nobody reads is dropped, and told of as soon as somebody does', () => {
  const { stream, log } = logTo('debug');
  stream.writableLength = 10 * 1024 * 1024;
  log.info('a');
  log.info('b');
  expect(stream.text).toBe('');
  stream.writableLength = 0;
  log.info('c');
  log.info('d');
  expect(stream.text.split('\n').map((line) => line.split('\t').slice(1))).toEqual([
    ['WARN', '2 lines were dropped, as nobody read them.'],
    ['INFO', 'c'],
    ['INFO', 'd'],
    [],
  ]);
});

test('the last lines are waited for until they have gone', async () => {
  const { promise: mayGo, resolve: go } = Promise.withResolvers<void>();
  let gone = '';
  const slow = new Writable({
    async write(chunk: Buffer, _, done) {
      await mayGo;
      gone += chunk.toString();
      done();
    },
  });
  const log = createRunnerLog(slow, 'warn', () => new Date(0));
  log.warn('a');
  log.warn('b');
  const all = written(slow);
  expect(gone).toBe('');
  go();
  await all;
  expect(gone).toMatch(/WARN\ta\n.*WARN\tb\n$/);
});

test('nobody waits for lines that can not go', async () => {
  const full = new Writable({ write: (_, __, done) => done(new Error('The disk is full.')) }).on('error', () => {});
  createRunnerLog(full, 'warn', () => new Date(0)).warn('a');
  await written(full);
  expect(full.destroyed).toBe(true);
  await written(full);
});
