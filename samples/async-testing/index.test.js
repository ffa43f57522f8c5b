import assert from 'node:assert/strict';
import { test } from 'node:test';
import { startAsyncFunction } from '@openfunction/functions-framework/testing';
import { bill } from './index.js';

const context = {
  inputs: {
    orders: {
      componentName: 'events',
      componentType: 'pubsub.redis',
      uri: 'orders',
      metadata: { deadLetterTopic: 'rejected' },
    },
    'every-night': { componentName: 'night', componentType: 'bindings.cron' },
  },
  outputs: {
    bank: { componentName: 'bank', componentType: 'bindings.http', operation: 'post' },
    mail: { componentName: 'smtp', componentType: 'bindings.smtp', operation: 'create' },
    billed: { componentName: 'events', componentType: 'pubsub.redis', uri: 'billed' },
  },
  states: { totals: { componentName: 'redis', componentType: 'state.redis' } },
};

test('an order is billed, and its price added up', async () => {
  await using fn = await startAsyncFunction(bill, { context });
  fn.state('totals').set('total', 10);
  const { outcome, attempts } = await fn.publish('orders', { id: 'a', price: 5 });
  assert.deepEqual({ outcome, attempts }, { outcome: 'SUCCESS', attempts: 1 });
  assert.deepEqual(fn.sent('billed'), [{ data: { id: 'a' } }]);
  assert.equal(fn.state('totals').get('total'), 15);
});

test('an order waits for the bank', async () => {
  let calls = 0;
  const bank = () => {
    calls += 1;
    if (calls < 3) throw new Error('closed');
    return { paid: true };
  };
  await using fn = await startAsyncFunction(bill, { context, bindings: { bank } });
  const { outcome, attempts } = await fn.publish('orders', { id: 'a', price: 5 });
  assert.deepEqual({ outcome, attempts }, { outcome: 'SUCCESS', attempts: 3 });
  assert.match(fn.errors[0], /error invoking output binding bank: closed/);
});

test('an order without a price is rejected', async () => {
  await using fn = await startAsyncFunction(bill, { context, protocol: 'grpc' });
  const { outcome, deadLetterTopic } = await fn.publish('orders', { id: 'a' });
  assert.deepEqual({ outcome, deadLetterTopic }, { outcome: 'DROP', deadLetterTopic: 'rejected' });
});

test('the total is mailed every night', async () => {
  await using fn = await startAsyncFunction(bill, { context });
  fn.state().set('total', 15);
  assert.equal((await fn.trigger('every-night')).ok, true);
  assert.deepEqual(
    fn.sent('mail').map(({ data }) => data),
    [15],
  );
});
