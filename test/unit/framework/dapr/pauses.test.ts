import { expect, onTestFinished, test, vi } from 'vitest';
import { makePauses, type Pauses } from '../../../../src/framework/dapr/pauses.ts';

/** Milliseconds of a pause, without waiting for it. */
async function lengthOf(pauses: Pauses, id: string): Promise<number> {
  vi.useFakeTimers({ toFake: ['setTimeout', 'Date'] });
  onTestFinished(() => void vi.useRealTimers());
  const start = Date.now();
  const pause = pauses.before(id);
  await vi.advanceTimersToNextTimerAsync();
  await pause;
  return Date.now() - start;
}

async function lengthsOf(pauses: Pauses, ids: readonly string[]): Promise<number[]> {
  const lengths: number[] = [];
  for (const id of ids) lengths.push(await lengthOf(pauses, id));
  return lengths;
}

test('pauses for a message double up to five seconds', async () => {
  const ids = Array.from({ length: 7 }, () => 'same');
  expect(
    await lengthsOf(
      makePauses(() => 0.5),
      ids,
    ),
  ).toEqual([250, 500, 1000, 2000, 4000, 5000, 5000]);
});

test('each message has its own', async () => {
  expect(
    await lengthsOf(
      makePauses(() => 0.5),
      ['a', 'b', 'a', 'b', 'a'],
    ),
  ).toEqual([250, 250, 500, 500, 1000]);
});

test('a message that succeeded begins anew', async () => {
  const pauses = makePauses(() => 0.5);
  expect(await lengthsOf(pauses, ['a', 'a'])).toEqual([250, 500]);
  pauses.forget('a');
  expect(await lengthOf(pauses, 'a')).toBe(250);
});

test.each([
  [0, 187],
  [1, 312],
])('chance makes them shorter or longer by a quarter: %d', async (chance, length) => {
  expect(
    await lengthOf(
      makePauses(() => chance),
      'a',
    ),
  ).toBe(length);
});

test('of very many messages the oldest is forgotten', async () => {
  const pauses = makePauses(() => 0.5);
  const others = Array.from({ length: 1000 }, (_, i) => `other ${i}`);
  await lengthsOf(pauses, ['a', ...others]);
  expect(await lengthsOf(pauses, ['a', 'other 999'])).toEqual([250, 500]);
});
