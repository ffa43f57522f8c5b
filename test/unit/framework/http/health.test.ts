import { expect, onTestFinished, test } from 'vitest';
import { answerHealth, healthChecks } from '../../../../src/framework/http/health.ts';
import { createFunctionServer } from '../../../../src/framework/http/server.ts';
import { bindingCall, outcomeOf, serveAsync, topicCall, topicInput } from '../../../support/async-function.ts';
import { makeClient } from '../../../support/http-call.ts';

const NOTHING_ASKED = {
  healthPath: undefined,
  livenessPath: undefined,
  readinessPath: undefined,
  liveness: undefined,
  readiness: undefined,
};

test.each([
  ['answers', false, [200, 'OK']],
  ['answers 503 while it drains', true, [503, 'Service Unavailable']],
])('a server of messages %s at /healthz', async (_, draining, outcome) => {
  const log = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} };
  const interceptors = [answerHealth(healthChecks({ ...NOTHING_ASKED, takesMessages: true }), () => !draining)];
  const app = createFunctionServer({ route: () => undefined, interceptors, bodyLimit: 1, production: true, log });
  const call = makeClient(await app.listen(0, '127.0.0.1'));
  onTestFinished(() => void app.close(0));
  expect(await outcomeOf({ call }, { path: '/healthz' })).toEqual(outcome);
});

test('where no messages come nothing is checked on its own', () => {
  expect(healthChecks({ ...NOTHING_ASKED, takesMessages: false })).toEqual([]);
});

test.each<[string, object]>([
  ['without a token', { env: { APP_API_TOKEN: 'secret' } }],
  ['beside a path of its own', { env: { FUNC_HEALTH_PATH: '/health' } }],
  ['of a function that answers requests too', { context: { triggers: { http: {} } } }],
])('/healthz of a function that takes messages, %s', async (_, setup) => {
  const serving = await serveAsync(() => 'function', setup);
  expect(await outcomeOf(serving, { path: '/healthz?x' })).toEqual([200, 'OK']);
  expect((await serving.call({ method: 'HEAD', path: '/healthz' })).status).toBe(200);
});

test('a topic of that name is delivered to nevertheless', async () => {
  const seen: unknown[] = [];
  const inputs = { a: topicInput('healthz'), b: { componentName: 'healthz', componentType: 'bindings.cron' } };
  const serving = await serveAsync((_ctx: unknown, data: unknown) => void seen.push(data), { inputs });
  await serving.call(topicCall({ topic: 'healthz', data: 1 }, '/healthz'));
  await serving.call(bindingCall('2', '/healthz'));
  expect([seen, (await serving.call({ method: 'OPTIONS', path: '/healthz' })).status]).toEqual([[1, 2], 200]);
});
