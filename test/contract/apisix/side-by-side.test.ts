import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { join } from 'node:path';
import { ROOT } from '../../support/artefact.ts';
import type { Knowledge, Reply, RunnerClient } from '../../support/apisix/client.ts';
import { KIND } from '../../support/apisix/client.ts';
import { encode, type Fields, type Read, type TestEntry } from '../../support/apisix/messages.ts';
import { startGoRunner, startRunner } from '../../support/apisix/runners.ts';
import type { Deviation } from './deviations.ts';

/** A call that both runners are sent. */
interface Case {
  readonly conf: readonly TestEntry[];
  readonly request?: Fields;
  readonly response?: Fields;
  readonly knowledge?: Knowledge;
}

type Step = readonly string[];
const probe = (...steps: Step[]): TestEntry => ['probe', JSON.stringify(steps)];
const plugin = (name: string, value: object): TestEntry => [name, JSON.stringify(value)];

const IPV4 = Buffer.from([192, 0, 2, 1]);
const IPV6 = Buffer.from('20010db8000000000000000000000001', 'hex');
const HEADERS: readonly TestEntry[] = [
  ['host', 'example.com:9080'],
  ['accept', '*/*'],
  ['cookie', 'a=1'],
  ['cookie', 'b=2'],
];
const ARGS: readonly TestEntry[] = [
  ['q', 'one'],
  ['q', 'two'],
  ['flag', null],
  ['empty', ''],
];
const REQUEST: Fields = { id: 7, src_ip: IPV4, method: 2, path: '/some/path', headers: HEADERS, args: ARGS };
const PLAIN: Fields = { ...REQUEST, args: [] };

/** What both answer alike. */
const SAME: Record<string, Case> = {
  say: { conf: [plugin('say', { body: 'hello' })], request: REQUEST },
  'say nothing': { conf: [plugin('say', { body: '' })], request: REQUEST },
  'no plugins': { conf: [], request: REQUEST },
  'the first request of a worker': { conf: [plugin('say', { body: 'x' })], request: { ...REQUEST, id: 0 } },
  'a plugin nobody has, and one': { conf: [['nobody', ''], plugin('say', { body: 'x' })], request: REQUEST },
  'a value that is broken, and one': { conf: [['say', '{'], plugin('say', { body: 'x' })], request: REQUEST },
  'the first to answer': { conf: [plugin('say', { body: 'a' }), plugin('say', { body: 'b' })], request: REQUEST },
  'fault-injection': { conf: [plugin('fault-injection', { http_status: 418, body: 'tea' })], request: REQUEST },
  'fault-injection without a body': { conf: [plugin('fault-injection', { http_status: 500 })], request: REQUEST },
  'fault-injection never': { conf: [plugin('fault-injection', { http_status: 500, percentage: 0 })], request: REQUEST },
  'fault-injection with too small a status': {
    conf: [plugin('fault-injection', { http_status: 199 })],
    request: REQUEST,
  },
  'fault-injection with a wrong percentage': {
    conf: [plugin('fault-injection', { http_status: 500, percentage: 101 })],
    request: REQUEST,
  },
  'limit-req lets pass': { conf: [plugin('limit-req', { rate: 10, burst: 2 })], request: REQUEST },
  'limit-req without a burst': { conf: [plugin('limit-req', { rate: 10, burst: 0 })], request: REQUEST },
  'headers of a response alone': { conf: [probe(['stop header', 'x-a', '1'])], request: REQUEST },
  'several headers of one name': {
    conf: [probe(['stop header', 'set-cookie', 'a=1'], ['stop header', 'set-cookie', 'b=2'], ['write', 'x'])],
    request: REQUEST,
  },
  'the first status': { conf: [probe(['status', '401'], ['status', '403'], ['write', 'no'])], request: REQUEST },
  'an empty body': { conf: [probe(['write', ''])], request: REQUEST },
  path: { conf: [probe(['path', '/other'])], request: PLAIN },
  'path and query': { conf: [probe(['path', '/other'], ['set argument', 'q', 'x'])], request: REQUEST },
  headers: {
    conf: [probe(['set header', 'x-new', 'a'], ['delete header', 'accept'], ['set header', 'host', 'h'])],
    request: REQUEST,
  },
  query: {
    conf: [probe(['set argument', 'q', 'x', 'y'], ['delete argument', 'flag'], ['set argument', 'new', ''])],
    request: REQUEST,
  },
  'set and taken back': {
    conf: [
      probe(
        ['set header', 'x-new', 'a'],
        ['delete header', 'x-new'],
        ['set header', 'accept', 'x'],
        ['set header', 'accept', '*/*'],
        ['response header', 'x', 'y'],
      ),
    ],
    request: REQUEST,
  },
  'headers of the coming response': {
    conf: [probe(['response header', 'set-cookie', 'a'], ['response header', 'set-cookie', 'b'])],
    request: REQUEST,
  },
  'what is read': {
    conf: [
      probe(
        ['write method'],
        ['write path'],
        ['write address'],
        ['write header', 'Host'],
        ['write header', 'cookie'],
        ['write argument', 'q'],
        ['write argument', 'flag'],
      ),
    ],
    request: REQUEST,
  },
  'an address of IPv6': { conf: [probe(['write address'])], request: { ...REQUEST, src_ip: IPV6 } },
  'no address': { conf: [probe(['write address'])], request: { ...PLAIN, src_ip: Buffer.alloc(0) } },
  'what is asked for': {
    conf: [
      probe(['write variable', 'remote_addr'], ['write variable', 'none'], ['write body'], ['write variable', 'none']),
    ],
    request: REQUEST,
    knowledge: { vars: { remote_addr: '192.0.2.9' }, body: 'the body' },
  },
  'changes that the next plugin sees': {
    conf: [
      probe(['path', '/other'], ['set header', 'x-new', 'a'], ['set argument', 'q', 'x']),
      probe(['write path'], ['write header', 'x-new'], ['write argument', 'q']),
    ],
    request: REQUEST,
  },
  'a status without a header': {
    conf: [plugin('response-rewrite', { status: 200, body: 'new' })],
    response: { id: 7 },
  },
  'a body rewritten once': {
    conf: [plugin('response-rewrite', { filters: [{ regex: 'world', scope: 'once', replace: '$1' }] })],
    response: { id: 7, status: 200 },
    knowledge: { responseBody: 'hello world, world' },
  },
  'a body rewritten wherever': {
    conf: [plugin('response-rewrite', { body: 'x', filters: [{ regex: 'w[a-z]+', scope: 'global', replace: '' }] })],
    response: { id: 7, status: 200 },
    knowledge: { responseBody: 'hello world, world, wild' },
  },
  'filters that find nothing': {
    conf: [plugin('response-rewrite', { body: 'x', filters: [{ regex: 'moon', scope: 'global', replace: '' }] })],
    response: { id: 7, status: 200 },
    knowledge: { responseBody: 'hello world' },
  },
  'a pattern that is none': {
    conf: [plugin('response-rewrite', { filters: [{ regex: '(', scope: 'once', replace: '' }] })],
    response: { id: 7, status: 200 },
  },
  'headers of a response': { conf: [plugin('response-rewrite', { headers: { 'x-a': '1' } })], response: { id: 7 } },
};

/** What they answer differently, and what it is. */
const DIFFERENT: Record<string, Case & { readonly deviation: Deviation; readonly ours: Read; readonly go: Read }> = {
  'headers that are read': {
    deviation: 'unchanged',
    conf: [probe(['set header', 'accept', '*/*'])],
    request: REQUEST,
    ours: { id: 7 },
    go: { id: 7, rewrite: { headers: [] } },
  },
  'a path without its query': {
    deviation: 'query',
    conf: [probe(['path', '/other'])],
    request: REQUEST,
    ours: {
      id: 7,
      rewrite: {
        path: '/other',
        args: [
          ['q', 'one'],
          ['q', 'two'],
        ],
      },
    },
    go: { id: 7, rewrite: { path: '/other' } },
  },
  'a header made one': {
    deviation: 'repeated header',
    conf: [probe(['set header', 'cookie', 'a=1'])],
    request: REQUEST,
    ours: { id: 7, rewrite: { headers: [['cookie', 'a=1']] } },
    go: { id: 7, rewrite: { headers: [] } },
  },
  'a response that gets a header': {
    deviation: 'response headers',
    conf: [probe(['set header', 'x-new', '1'])],
    response: {
      id: 7,
      status: 200,
      headers: [
        ['Content-Type', 'application/json'],
        ['Content-Length', '2'],
      ],
    },
    ours: {
      id: 7,
      headers: [
        ['content-type', 'application/json'],
        ['x-new', '1'],
      ],
    },
    go: { id: 7, headers: [['x-new', '1']] },
  },
  'two plugins that change a response': {
    deviation: 'response chain',
    conf: [probe(['write', 'a']), probe(['set header', 'x-new', '1'])],
    response: { id: 7, status: 200 },
    ours: { id: 7, body: 'a', headers: [['x-new', '1']] },
    go: { id: 7, body: 'a' },
  },
  'response-rewrite with a status': {
    deviation: 'response-rewrite status',
    conf: [plugin('response-rewrite', { status: 404 })],
    response: { id: 7, status: 200 },
    ours: { id: 7, status: 404, headers: [['x-resp-a6-runner', 'runner']] },
    go: { id: 7, status: 200, headers: [['x-resp-a6-runner', 'runner']] },
  },
  'a length of its own': {
    deviation: 'connection headers',
    conf: [probe(['stop header', 'content-length', '1000'], ['write', 'x'])],
    request: REQUEST,
    ours: { id: 7, stop: { status: 200, body: 'x' } },
    go: { id: 7, stop: { status: 200, body: 'x', headers: [['content-length', '1000']] } },
  },
  'a status of 100': {
    deviation: 'status',
    conf: [probe(['status', '100'])],
    request: REQUEST,
    ours: { error: 'SERVICE_UNAVAILABLE' },
    go: { id: 7, stop: { status: 100 } },
  },
  'a plugin that throws': {
    deviation: 'panic',
    conf: [probe(['panic'])],
    request: REQUEST,
    ours: { error: 'SERVICE_UNAVAILABLE' },
    go: { closed: true },
  },
  'a body of a request': {
    deviation: 'request-body-rewrite',
    conf: [plugin('request-body-rewrite', { new_body: 'new' })],
    request: REQUEST,
    ours: { id: 7, rewrite: { body: 'new' } },
    go: { id: 7 },
  },
  'a method of the future': {
    deviation: 'method',
    conf: [],
    request: { ...REQUEST, method: 15 },
    ours: { error: 'BAD_REQUEST' },
    go: { id: 7 },
  },
  'an empty body, twice': {
    deviation: 'asked once',
    conf: [probe(['write body'], ['write body'])],
    request: REQUEST,
    knowledge: { body: '' },
    ours: { id: 7, stop: { status: 200 }, asked: ['request body'] },
    go: { id: 7, stop: { status: 200 }, asked: ['request body', 'request body'] },
  },
  'a pattern that only JavaScript has': {
    deviation: 'regular expressions',
    conf: [plugin('response-rewrite', { filters: [{ regex: '(?<=a)b', scope: 'once', replace: 'c' }] })],
    response: { id: 7, status: 200 },
    knowledge: { responseBody: 'ab' },
    ours: { id: 7, body: 'ac', headers: [['x-resp-a6-runner', 'runner']] },
    go: { id: 7 },
  },
};

async function startBoth() {
  const fixture = join(ROOT, 'test/fixtures/apisix/probe.mjs');
  const [ours, go] = await Promise.all([startRunner({ args: [fixture] }), startGoRunner()]);
  return { ours, go };
}

async function answer(client: RunnerClient, { conf, request, response, knowledge }: Case): Promise<Reply> {
  const token = await client.prepare(conf);
  return request === undefined
    ? client.response(token, response, knowledge)
    : client.request(token, request, knowledge);
}

/** A reply without what is left to chance: cases of names, their order, and who made it. */
function comparable({ message }: Reply): Read {
  return JSON.parse(JSON.stringify(message), (_, value: unknown) => {
    if (!Array.isArray(value) || !Array.isArray(value[0])) return value;
    const entries = (value as [string, string | null][]).map(([name, text]) => {
      const key = name.toLowerCase();
      return [key, key === 'x-resp-a6-runner' ? 'runner' : text] as const;
    });
    return entries.toSorted(([a], [b]) => (a < b ? -1 : Number(a > b)));
  }) as Read;
}

/** The same without lists that have no entry, by which Go tells no change: the deviation `unchanged`. */
function alike(reply: Reply): Read {
  const { rewrite, ...rest } = comparable(reply);
  const lists = Object.entries((rewrite ?? {}) as Read).filter(([, list]) => !Array.isArray(list) || list.length > 0);
  const both = { ...rest, asked: reply.asked };
  return lists.length === 0 ? both : { ...both, rewrite: Object.fromEntries(lists) };
}

test('both runners answer alike, or as the table of deviations says', async () => {
  const { ours, go } = await startBoth();
  for (const [name, one] of Object.entries(SAME)) {
    const [our, their] = await Promise.all([answer(await ours.connect(), one), answer(await go.connect(), one)]);
    expect({ name, ...alike(our) }).toEqual({ name, ...alike(their) });
  }
  for (const [name, one] of Object.entries(DIFFERENT)) {
    const [our, their] = await Promise.all([answer(await ours.connect(), one), answer(await go.connect(), one)]);
    const isAsked = 'asked' in one.ours;
    expect({ name, ...comparable(our), ...(isAsked && { asked: our.asked }) }).toEqual({ name, ...one.ours });
    expect({ name, ...comparable(their), ...(isAsked && { asked: their.asked }) }).toEqual({ name, ...one.go });
  }
});

const name = fc.stringMatching(/^x-[a-z]{1,3}$/);
const text = fc.string({ unit: fc.constantFrom('a', 'B', '7', ' ', '%', '/', '?', 'é', '\u{1F680}'), maxLength: 5 });
const argument = fc.constantFrom('a', 'b', 'c', 'é');
const step: fc.Arbitrary<Step> = fc.oneof(
  fc.tuple(fc.constant('set header'), name, text),
  fc.tuple(fc.constant('delete header'), name),
  fc.tuple(fc.constant('set argument'), argument, text),
  fc.tuple(fc.constant('set argument'), argument, text, text),
  fc.tuple(fc.constant('delete argument'), argument),
  fc.tuple(fc.constant('response header'), name, text),
  fc.tuple(fc.constant('write variable'), name),
  fc.tuple(fc.constant('write header'), name),
  fc.tuple(fc.constant('write argument'), argument),
  fc.constant(['write body']),
  fc.tuple(fc.constant('status'), fc.integer({ min: 200, max: 599 }).map(String)),
);
const generated = fc.record({
  steps: fc.array(fc.array(step, { maxLength: 4 }), { maxLength: 3 }),
  request: fc.record({
    id: fc.nat(),
    method: fc.integer({ min: 0, max: 14 }),
    path: text.map((rest) => `/${rest}`),
    // Go tells no change of a header that came several times; that is one of the deviations.
    headers: fc.uniqueArray(fc.tuple(name, text), { selector: ([key]) => key, maxLength: 5 }),
    args: fc.array(fc.tuple(argument, fc.option(text)), { maxLength: 5 }),
  }),
  knowledge: fc.record({ vars: fc.dictionary(name, text), body: text.filter((body) => body !== '') }),
});

test('both runners answer generated calls alike', async () => {
  const { ours, go } = await startBoth();
  const [our, their] = await Promise.all([ours.connect(), go.connect()]);
  await fc.assert(
    fc.asyncProperty(generated, async ({ steps, request, knowledge }) => {
      const one: Case = { conf: steps.map((each) => probe(...each)), request, knowledge };
      const [a, b] = await Promise.all([answer(our, one), answer(their, one)]);
      expect(alike(a)).toEqual(alike(b));
    }),
    { numRuns: 300 },
  );
});

test('both runners refuse a kind of call that there is not, and a token they do not know', async () => {
  const { ours, go } = await startBoth();
  for (const runner of [ours, go]) {
    const client = await runner.connect();
    expect((await client.exchange(9, Buffer.alloc(8))).message).toEqual({ error: 'BAD_REQUEST' });
    expect((await client.request(4_000_000_000)).message).toEqual({ error: 'CONF_TOKEN_NOT_FOUND' });
    // The connection goes on.
    const token = await client.prepare([plugin('say', { body: 'x' })], 'route#1');
    expect(await client.prepare([plugin('say', { body: 'x' })], 'route#1')).toBe(token);
    expect((await client.request(token)).kind).toBe(KIND.request);
  }
});

test('a configuration without plugins, and one that is left out, are both none', async () => {
  const { ours, go } = await startBoth();
  for (const runner of [ours, go]) {
    const client = await runner.connect();
    expect((await client.exchange(KIND.prepareConf, encode('prepareConf', {}))).message).toEqual({
      conf_token: expect.any(Number),
    });
  }
});
