import assert from 'node:assert/strict';
import { test } from 'node:test';
import { runPlugin } from '@openfunction/functions-framework/testing';
import { greet } from './index.js';
import { Timing } from './plugins/timing.js';
import { token } from './plugins/token.js';

test('a call without a token does not reach the function', async () => {
  const { called, error } = await runPlugin(token, { data: { name: 'you' } });
  assert.deepEqual([called, error.code], [false, 401]);
});

test('a call with one does, and is timed', async () => {
  const headers = { authorization: 'Bearer open-sesame' };
  const { result, ctx } = await runPlugin([token, Timing], { data: {}, call: greet, request: { headers } });
  assert.deepEqual(result, { greeting: 'Hello, World!' });
  assert.match(ctx.res.get('server-timing'), /^function;dur=\d/);
});
