import { PLAIN, plugin, probe, REQUEST, type Case } from '../../support/apisix/cases.ts';

const IPV6 = Buffer.from('20010db8000000000000000000000001', 'hex');

/** Patterns in the words of Go, and texts. */
const PATTERNS = [
  ['\\Aab\\z', 'ab'],
  ['[[:digit:]]+', 'a12b'],
  ['\\Qa.b\\E', 'aab a.b'],
  ['(?i)HELLO', 'hello Hello'],
  ['a(?i:B)c', 'abc aBc'],
  ['{"a": ?"[^"]*"}', '{"a": "b"}'],
  ['[]a]+', 'x]a'],
  ['\\-\\#\\ ', 'a-# b'],
  ['\\pL+', '1é2'],
  ['\\p{Lu}{2}', 'aÉBc'],
  ['\\P{^Greek}+', 'aλβ'],
  ['[\\p{Greek}\\p{^L}]+', 'aλ-βb'],
  ['\\x{1F680}', 'a\u{1F680}b'],
  ['(?U)a.*b', 'aXbYb'],
  ['x(?i)y', 'xy xY XY'],
  ['[[:^digit:]]+', '1ab2'],
  ['(?<=a)b', 'ab'],
  ['^(\\w+\\s?)+$', 'word word word word word word word word word word word word!'],
  ['é', Buffer.from([0xff, 0xc3, 0xa9, 0xfe])],
  ['[^a]', Buffer.from([0x61, 0xff, 0xfe])],
  ['z*', Buffer.from([0x61, 0xff, 0xc3, 0xa9])],
  ['z*', Buffer.from([0x61, 0xed, 0xa0, 0x80])],
  ['\uFFFD', Buffer.from([0x61, 0xff])],
] as const;

/** What both answer alike. */
export const SAME: Record<string, Case> = {
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
  'names of fields in another case': { conf: [plugin('say', { Body: 'x' })], request: REQUEST },
  'a value that is null': { conf: [['say', 'null'], plugin('say', { body: null })], request: REQUEST },
  'fault-injection with the percentage for all': {
    conf: [plugin('fault-injection', { http_status: 500, percentage: -1 })],
    request: REQUEST,
  },
  'limit-req with a burst below none': { conf: [plugin('limit-req', { rate: 1, burst: -1 })], request: REQUEST },
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
  'nothing found in a body that there is not': {
    conf: [plugin('response-rewrite', { filters: [{ regex: 'b*', scope: 'once', replace: 'x' }] })],
    response: { id: 7, status: 200 },
  },
  'nothing found wherever it is': {
    conf: [plugin('response-rewrite', { filters: [{ regex: 'z*', scope: 'global', replace: '-' }] })],
    response: { id: 7, status: 200 },
    knowledge: { responseBody: 'aé\u{1F600}' },
  },
  ...Object.fromEntries(
    PATTERNS.map(([regex, responseBody]) => [
      `the pattern ${regex} in ${JSON.stringify(responseBody)}`,
      {
        conf: [plugin('response-rewrite', { filters: [{ regex, scope: 'global', replace: '-' }] })],
        response: { id: 7, status: 200 },
        knowledge: { responseBody },
      },
    ]),
  ),
  'bytes that are no UTF-8': {
    conf: [probe(['write path'], ['write header', 'x-latin'])],
    request: { ...PLAIN, path: Buffer.from([0x2f, 0xff]), headers: [['x-latin', Buffer.from([0xfe])]] },
  },
  'a header of null': {
    conf: [plugin('response-rewrite', { headers: { 'x-a': null, 'X-B': '1' } })],
    response: { id: 7 },
  },
  'a value with a byte that is no UTF-8': {
    conf: [['say', Buffer.from('7b22626f6479223a22c3a9ffe282227d', 'hex')]],
    request: REQUEST,
  },
  'a field written twice': {
    conf: [plugin('response-rewrite', { body: 'a', BODY: 'b', Body: null })],
    response: { id: 7, status: 200 },
  },
  'headers of a response': { conf: [plugin('response-rewrite', { headers: { 'x-a': '1' } })], response: { id: 7 } },
};
