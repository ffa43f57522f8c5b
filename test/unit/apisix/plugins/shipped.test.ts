import { expect, test } from 'vitest';
import { faultInjection } from '../../../../src/apisix/plugins/fault-injection.ts';
import { limitReq } from '../../../../src/apisix/plugins/limit-req.ts';
import { requestBodyRewrite } from '../../../../src/apisix/plugins/request-body-rewrite.ts';
import { responseRewrite } from '../../../../src/apisix/plugins/response-rewrite.ts';
import { say } from '../../../../src/apisix/plugins/say.ts';
import { TokenBucket } from '../../../../src/apisix/plugins/token-bucket.ts';
import { filterRequest, filterResponse } from '../../../../src/apisix/testing.ts';
import { failureOf } from '../../../support/failure.ts';

test('say', async () => {
  expect((await filterRequest(say, { conf: { body: 'hello' } })).stop).toEqual({
    status: 200,
    headers: [['X-Resp-A6-Runner', 'Node']],
    body: Buffer.from('hello'),
  });
  expect(await filterRequest(say, { conf: {} })).toEqual({ asked: [], logged: [] });
});

test('fault-injection hits as many of a hundred as it should', async () => {
  let hits = 0;
  for (let i = 0; i < 1000; i += 1) {
    const { stop } = await filterRequest(faultInjection, { conf: { http_status: 503, percentage: 50 } });
    hits += stop === undefined ? 0 : 1;
  }
  expect(hits).toBeGreaterThan(400);
  expect(hits).toBeLessThan(600);
});

test('request-body-rewrite', async () => {
  const { rewrite } = await filterRequest(requestBodyRewrite, { conf: { new_body: 'new' }, body: 'old' });
  expect(rewrite?.body?.toString()).toBe('new');
  expect((await filterRequest(requestBodyRewrite, { conf: { new_body: '' } })).rewrite).toBeUndefined();
});

test.each([
  ['once', 'a.c', '$&', 'abc abc', '$& abc'],
  ['global', 'b+', '', 'abbc abc abbc', 'ac abc ac'],
  ['global', '(?i)A.C', '-', 'abc abbc abc', '- abbc -'],
  ['once', '(?P<name>\\-)', '_', 'a-b-c', 'a_b-c'],
])('response-rewrite replaces %s what %s finds, by the text %s', async (scope, regex, replace, body, expected) => {
  const outcome = await filterResponse(responseRewrite, { conf: { filters: [{ regex, scope, replace }] }, body });
  expect(outcome.body.toString()).toBe(expected);
});

test('nothing, found wherever it is, is in front of each character and at the end', async () => {
  const filters = [{ regex: 'z*', scope: 'global', replace: '-' }];
  const outcome = await filterResponse(responseRewrite, { conf: { filters }, body: 'aé\u{1F600}' });
  expect(outcome.body.toString()).toBe('-a-é-\u{1F600}-');
  expect((await filterResponse(responseRewrite, { conf: { filters } })).body).toEqual(Buffer.alloc(0));
});

test('names of fields may be in any case, and null is nothing, as in Go', async () => {
  expect((await filterRequest(say, { conf: { Body: 'hello' } })).stop?.body.toString()).toBe('hello');
  expect((await filterRequest(say, { conf: { Body: 'a', body: 'b' } })).stop?.body.toString()).toBe('b');
  expect((await filterRequest(say, { conf: 'null' })).stop).toBeUndefined();
  expect((await filterRequest(faultInjection, { conf: { http_status: 500, percentage: -1 } })).stop?.status).toBe(500);
  expect((await filterRequest(limitReq, { conf: { rate: 1, burst: -1 } })).stop?.status).toBe(503);
});

test('response-rewrite leaves bytes that are no text alone', async () => {
  const body = Buffer.from([0xff, 0x61, 0x62, 0x80]);
  const filters = [{ regex: 'ab', scope: 'once', replace: 'é' }];
  const outcome = await filterResponse(responseRewrite, { conf: { filters }, body });
  expect(outcome.body).toEqual(Buffer.from([0xff, 0xc3, 0xa9, 0x80]));
});

test('a bucket gives what it has, then lets wait, and never more than it may', () => {
  const bucket = new TokenBucket(10, 2, 0);
  expect([bucket.reserve(0, 500), bucket.reserve(0, 500), bucket.reserve(0, 500)]).toEqual([0, 0, 100]);
  expect(bucket.reserve(0, 150)).toBeUndefined();
  expect(bucket.reserve(0, 500)).toBe(200);
  expect(bucket.reserve(10_000, 500)).toBe(0);
  expect(new TokenBucket(10, 0, 0).reserve(0, 500)).toBeUndefined();
  expect(new TokenBucket(0, 1, 0).reserve(0, 500)).toBe(0);
});

test('limit-req delays, and rejects what would wait too long', async () => {
  const conf = limitReq.parseConf?.('{"rate": 5, "burst": 1, "max_wait_ms": 250, "rejected_code": 429}');
  const kept = { ...limitReq, parseConf: () => conf };
  const [first, second, third] = await Promise.all([filterRequest(kept), filterRequest(kept), filterRequest(kept)]);
  expect([first.stop, second.stop, third.stop?.status]).toEqual([undefined, undefined, 429]);
});

test.each([
  [say, '{"body": 1}'],
  [say, '[]'],
  [say, 'hello'],
  [faultInjection, '{}'],
  [faultInjection, '{"http_status": 199}'],
  [faultInjection, '{"http_status": 200, "percentage": 101}'],
  [limitReq, '{"rate": "1"}'],
  [responseRewrite, '{"headers": {"a": 1}}'],
  [responseRewrite, '{"filters": [{"regex": "("}]}'],
  [responseRewrite, '{"filters": [{}, {"scope": "all"}]}'],
  [responseRewrite, '{"filters": [{"regex": "(?=a)"}]}'],
  [responseRewrite, '{"status": 100}'],
  [responseRewrite, '{"headers": {"x-a": "a\\r\\nb: c"}}'],
  [responseRewrite, '{"headers": {"x a": "1"}}'],
  [faultInjection, '{"http_status": 600}'],
])('%o does not take %s', async (plugin, value) => {
  expect(await failureOf(() => plugin.parseConf?.(value))).toMatchSnapshot();
});
