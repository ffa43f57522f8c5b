import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openRoute } from '@openfunction/functions-framework/apisix/testing';
import { quota } from './quota.js';

test('a consumer is stopped behind its quota, others are not', async () => {
  const route = openRoute(quota, { limit: 1 });
  const call = (name) => route.filterRequest({ vars: { consumer_name: name } });
  assert.deepEqual((await call('jane')).rewrite.responseHeaders, [['x-quota-left', '0']]);
  assert.equal((await call('jane')).stop.status, 429);
  assert.equal((await call('joe')).stop, undefined);
  await route.close();
});
