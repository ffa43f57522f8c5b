/** Where our runner answers differently from Apache's for Go 0.5.0, by names; docs/apisix.md says the same. */
export const DEVIATIONS = {
  unchanged: 'What is read but not changed is not told; Go tells an empty change.',
  'asked once': 'What APISIX has nothing of is asked for once as well.',
  query: 'A changed path comes with an argument that keeps the query alive in APISIX up to 3.15.',
  'repeated header': 'Setting a header that came several times to its first value makes it one.',
  'response headers': 'A changed response keeps the headers of the upstream; Go tells the changed ones alone.',
  'response chain': 'Plugins behind one that changes a response run as well, unless it calls `end()`.',
  'written body': 'The body of a response is what was written, as soon as something is; Go tells that of the upstream.',
  'response-rewrite status': 'The status is that of the configuration; Go always sets 200.',
  'connection headers': 'Headers of the connection are left out of responses.',
  status:
    'A status that clients do not understand is a failure of the plugin, and in a value keeps the plugin from running.',
  header:
    'A header that HTTP does not allow is a failure of the plugin, and in a value keeps it from running; Go sends it.',
  path: 'A path that does not begin with a slash is a failure of the plugin; Go sends it.',
  address: 'An address of IPv4 within IPv6 stands as such (`::ffff:192.0.2.1`); Go tells that of IPv4.',
  'no values': 'Setting an argument to no values deletes it; Go tells nothing.',
  'runner header': '`X-Resp-A6-Runner` says `Node`; Go says `Go`.',
  scope: 'A filter without a scope replaces once, one of another scope is refused; Go leaves the text as it is.',
  numbers: '`200.0` is the whole number 200; Go refuses it.',
  panic: 'A plugin that throws is a SERVICE_UNAVAILABLE, and the connection goes on; Go closes it.',
  token: 'Tokens begin with a random number, so that those of a runner before are unknown.',
  'same key': 'Another configuration under the same key gets another token.',
  damaged: 'A message that is empty or points out of itself is a BAD_REQUEST; Go panics, and closes the connection.',
  trickle: 'A frame may come in pieces; Go takes the first piece for a truncated frame.',
  'too large':
    'A reply of more than 16777215 bytes is a SERVICE_UNAVAILABLE; Go sends a broken frame up to twice that.',
  method: 'A method that the schema does not have is a BAD_REQUEST.',
  'limit-req': 'A request that would wait longer than APISIX does is rejected at once.',
  'regular expressions':
    'Long names of characters (`\\p{Letter}`), which Go has since 1.25, are refused, and a name of two groups.',
  'written twice': 'Of a field that is written twice in the same way the last counts, also null; Go reads both.',
  'request-body-rewrite': 'Go 0.5.0 does not have it.',
} as const;

export type Deviation = keyof typeof DEVIATIONS;
