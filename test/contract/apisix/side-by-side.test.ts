import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from '../../support/artefact.ts';
import { plugin, probe, type Case, type Step } from '../../support/apisix/cases.ts';
import type { Reply, RunnerClient } from '../../support/apisix/client.ts';
import { frame, KIND } from '../../support/apisix/client.ts';
import { encode, type Read } from '../../support/apisix/messages.ts';
import { startGoRunner, startRunner } from '../../support/apisix/runners.ts';
import { SAME } from './alike.ts';
import { DEVIATIONS } from './deviations.ts';
import { DIFFERENT } from './different.ts';

const FIXTURES = join(ROOT, 'test/fixtures/apisix');

async function startBoth() {
  const fixture = join(FIXTURES, 'probe.mjs');
  const [ours, go] = await Promise.all([startRunner({ args: [fixture] }), startGoRunner()]);
  return { ours, go };
}

async function answer(client: RunnerClient, { conf, request, response, knowledge }: Case): Promise<Reply> {
  const token = await client.prepare(conf);
  return request === undefined
    ? client.response(token, response, knowledge)
    : client.request(token, request, knowledge);
}

/** A reply without what is left to chance: cases of names, and their order. */
function comparable({ message }: Reply): Read {
  return JSON.parse(JSON.stringify(message), (_, value: unknown) => {
    if (!Array.isArray(value) || !Array.isArray(value[0])) return value;
    const entries = (value as [string, string | null][]).map(([name, text]) => {
      return [name.toLowerCase(), text] as const;
    });
    return entries.toSorted(([a], [b]) => (a < b ? -1 : Number(a > b)));
  }) as Read;
}

/**
 * The same without lists that have no entry, by which Go tells no change, and without who made it: the deviations
 * `unchanged` and `runner header`.
 */
function alike(reply: Reply): Read {
  const text = JSON.stringify(comparable(reply)).replaceAll(
    /"x-resp-a6-runner","(?:Node|Go)"/g,
    '"x-resp-a6-runner",""',
  );
  const { rewrite, ...rest } = JSON.parse(text) as Read;
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

/** The token that calls were recorded with. */
const RECORDED_TOKEN = 0xa6_c0_ff_ee;

/** Sends recorded frames: a configuration, the call with its token, and the answers to questions in their order. */
async function replay(client: RunnerClient, frames: readonly string[]): Promise<Reply> {
  const [conf, call, ...told] = frames.map((hex) => Buffer.from(hex, 'hex'));
  if (conf === undefined || call === undefined) throw new Error('No call was recorded.');
  const tell = (): Buffer => told.shift() ?? frame(KIND.error, Buffer.alloc(0));
  const { message } = await client.converse(conf, tell);
  const token = Buffer.alloc(4);
  token.writeUInt32LE(RECORDED_TOKEN);
  call.writeUInt32LE(Number(message['conf_token']), call.indexOf(token));
  return client.converse(call, tell);
}

test("both runners answer what APISIX's own client sends alike", async () => {
  const { ours, go } = await startBoth();
  const recorded: Record<string, string[]> = JSON.parse(readFileSync(join(FIXTURES, 'recorded.json'), 'utf8'));
  const both: { name: string; our: Reply; their: Reply }[] = [];
  for (const [name, frames] of Object.entries(recorded)) {
    const [our, their] = [await replay(await ours.connect(), frames), await replay(await go.connect(), frames)];
    both.push({ name, our, their });
  }
  // What Go answers to the other one is the deviation `response headers`.
  const same = both.filter(({ name }) => name !== 'a response with headers');
  expect(same.map(({ name, our }) => [name, alike(our)])).toEqual(same.map(({ name, their }) => [name, alike(their)]));
  for (const { name, our } of both) expect({ asked: our.asked, ...comparable(our) }).toMatchSnapshot(name);
});

/** Deviations that take more than one call to show, and the tests that do. */
const SHOWN_BY_TESTS: Partial<Record<keyof typeof DEVIATIONS, string>> = {
  token: 'Go counts tokens from 1, so that one of a runner before means another route',
  'same key': 'tokens: the same for a key and its values, others for other values, unknown after a restart',
  damaged: 'Go panics on the same, and closes',
  trickle: 'Go takes the first piece of a header for a truncated frame',
  'too large': 'Go sends a reply that is too large with a length that is not its own',
  'limit-req': 'a request that would wait longer than APISIX does is rejected at once',
};

test('every deviation is shown', () => {
  const tests = readFileSync(join(ROOT, 'test/contract/apisix/protocol.test.ts'), 'utf8');
  for (const title of Object.values(SHOWN_BY_TESTS)) expect(tests).toContain(`test('${title}'`);
  const shown = [...Object.values(DIFFERENT).map(({ deviation }) => deviation), ...Object.keys(SHOWN_BY_TESTS)];
  expect([...new Set(shown)].toSorted()).toEqual(Object.keys(DEVIATIONS).toSorted());
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
