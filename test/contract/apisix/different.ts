import { PLAIN, plugin, probe, REQUEST, type Case } from '../../support/apisix/cases.ts';
import type { Read } from '../../support/apisix/messages.ts';
import type { Deviation } from './deviations.ts';

/** What they answer differently, and what it is. */
export const DIFFERENT: Record<
  string,
  Case & { readonly deviation: Deviation; readonly ours: Read; readonly go: Read }
> = {
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
  'a body that is written, and read': {
    deviation: 'written body',
    conf: [probe(['write', 'new'], ['write body'])],
    response: { id: 7, status: 200 },
    knowledge: { responseBody: 'old' },
    ours: { id: 7, body: 'newnew', asked: [] },
    go: { id: 7, body: 'newold', asked: ['response body'] },
  },
  'response-rewrite with a status': {
    deviation: 'response-rewrite status',
    conf: [plugin('response-rewrite', { status: 404 })],
    response: { id: 7, status: 200 },
    ours: { id: 7, status: 404, headers: [['x-resp-a6-runner', 'Node']] },
    go: { id: 7, status: 200, headers: [['x-resp-a6-runner', 'Go']] },
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
  'a status of 600 in a value': {
    deviation: 'status',
    conf: [plugin('fault-injection', { http_status: 600 })],
    request: REQUEST,
    ours: { id: 7 },
    go: { id: 7, stop: { status: 600 } },
  },
  'a status of 100 in a value': {
    deviation: 'status',
    conf: [plugin('response-rewrite', { status: 100, body: 'b' })],
    response: { id: 7, status: 200 },
    ours: { id: 7 },
    go: { id: 7, status: 200, body: 'b', headers: [['x-resp-a6-runner', 'Go']] },
  },
  'a line break in a header': {
    deviation: 'header',
    conf: [probe(['stop header', 'x-a', 'a\r\nb'], ['write', 'x'])],
    request: REQUEST,
    ours: { error: 'SERVICE_UNAVAILABLE' },
    go: { id: 7, stop: { status: 200, body: 'x', headers: [['x-a', 'a\r\nb']] } },
  },
  'a header of a request with a blank in its name': {
    deviation: 'header',
    conf: [probe(['set header', 'bad name', '1'])],
    request: REQUEST,
    ours: { error: 'SERVICE_UNAVAILABLE' },
    go: { id: 7, rewrite: { headers: [['bad name', '1']] } },
  },
  'a line break in a header of a value': {
    deviation: 'header',
    conf: [plugin('response-rewrite', { headers: { 'x-a': 'a\r\nb' } })],
    response: { id: 7, status: 200 },
    ours: { id: 7 },
    go: {
      id: 7,
      headers: [
        ['x-a', 'a\r\nb'],
        ['x-resp-a6-runner', 'Go'],
      ],
    },
  },
  'a path without a slash': {
    deviation: 'path',
    conf: [probe(['path', 'relative'])],
    request: PLAIN,
    ours: { error: 'SERVICE_UNAVAILABLE' },
    go: { id: 7, rewrite: { path: 'relative' } },
  },
  'a path of nothing': {
    deviation: 'path',
    conf: [probe(['path', ''])],
    request: PLAIN,
    ours: { error: 'SERVICE_UNAVAILABLE' },
    go: { id: 7, rewrite: { path: '' } },
  },
  'an address of IPv4 within IPv6': {
    deviation: 'address',
    conf: [probe(['write address'])],
    request: { ...PLAIN, src_ip: Buffer.from('00000000000000000000ffff7f000001', 'hex') },
    ours: { id: 7, stop: { status: 200, body: '::ffff:127.0.0.1' } },
    go: { id: 7, stop: { status: 200, body: '127.0.0.1' } },
  },
  'an argument set to no values': {
    deviation: 'no values',
    conf: [probe(['set argument', 'q'])],
    request: REQUEST,
    ours: { id: 7, rewrite: { args: [['q', null]] } },
    go: { id: 7, rewrite: { args: [] } },
  },
  'who made a response': {
    deviation: 'runner header',
    conf: [plugin('say', { body: 'x' })],
    request: REQUEST,
    ours: { id: 7, stop: { status: 200, body: 'x', headers: [['x-resp-a6-runner', 'Node']] } },
    go: { id: 7, stop: { status: 200, body: 'x', headers: [['x-resp-a6-runner', 'Go']] } },
  },
  'a filter without a scope': {
    deviation: 'scope',
    conf: [plugin('response-rewrite', { filters: [{ regex: 'a', replace: 'b' }] })],
    response: { id: 7, status: 200 },
    knowledge: { responseBody: 'aXa' },
    ours: { id: 7, body: 'bXa', headers: [['x-resp-a6-runner', 'Node']] },
    go: { id: 7, body: 'aXa', headers: [['x-resp-a6-runner', 'Go']] },
  },
  'a filter of a scope that there is not': {
    deviation: 'scope',
    conf: [plugin('response-rewrite', { filters: [{ regex: 'a', scope: 'many', replace: 'b' }] })],
    response: { id: 7, status: 200 },
    knowledge: { responseBody: 'aXa' },
    ours: { id: 7 },
    go: { id: 7, body: 'aXa', headers: [['x-resp-a6-runner', 'Go']] },
  },
  'a whole number with a point': {
    deviation: 'numbers',
    conf: [['fault-injection', '{"http_status": 200.0}']],
    request: REQUEST,
    ours: { id: 7, stop: { status: 200 } },
    go: { id: 7 },
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
};
