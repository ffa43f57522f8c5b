import { expect, test } from 'vitest';
import type { Outcome } from '../../../../src/framework/dapr/deliver.ts';
import type { Message } from '../../../../src/framework/dapr/message.ts';
import { queued } from '../../../../src/framework/dapr/queued.ts';

const SUCCESS: Outcome = { verdict: 'SUCCESS' };

function messageNamed(id: string): Message {
  return { id } as Message;
}

test('messages beyond the number wait, and come in their order', async () => {
  const begun: string[] = [];
  const ends: (() => void)[] = [];
  const deliver = queued(async ({ id }) => {
    begun.push(id);
    await new Promise<void>((resolve) => ends.push(resolve));
    return SUCCESS;
  }, 2);
  const outcomes = ['a', 'b', 'c', 'd'].map((id) => deliver(messageNamed(id)));
  expect(begun).toEqual(['a', 'b']);
  ends[0]?.();
  await outcomes[0];
  expect(begun).toEqual(['a', 'b', 'c']);
  for (const index of [1, 2]) ends[index]?.();
  await Promise.all(outcomes.slice(0, 3));
  ends[3]?.();
  expect(await Promise.all(outcomes)).toEqual([SUCCESS, SUCCESS, SUCCESS, SUCCESS]);
  expect(begun).toEqual(['a', 'b', 'c', 'd']);
});

test('a delivery that rejects gives its place away', async () => {
  const deliver = queued(async ({ id }) => {
    if (id === 'bad') throw new Error('bad');
    return SUCCESS;
  }, 1);
  const [first, second] = ['bad', 'good'].map((id) => deliver(messageNamed(id)));
  await expect(first).rejects.toThrow('bad');
  expect(await second).toBe(SUCCESS);
});
