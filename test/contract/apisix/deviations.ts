/** Where our runner answers differently from Apache's for Go 0.5.0, by names; docs/apisix.md says the same. */
export const DEVIATIONS = {
  unchanged: 'What is read but not changed is not told; Go tells an empty change.',
  'asked once': 'What APISIX has nothing of is asked for once as well.',
  query: 'A changed path comes with an argument that keeps the query alive in APISIX up to 3.15.',
  'repeated header': 'Setting a header that came several times to its first value makes it one.',
  'response headers': 'A changed response keeps the headers of the upstream; Go tells the changed ones alone.',
  'response chain': 'Plugins behind one that changes a response run as well, unless it calls `end()`.',
  'response-rewrite status': 'The status is that of the configuration; Go always sets 200.',
  'connection headers': 'Headers of the connection are left out of responses.',
  status: 'A status that clients do not understand is a failure of the plugin.',
  panic: 'A plugin that throws is a SERVICE_UNAVAILABLE, and the connection goes on; Go closes it.',
  token: 'Tokens begin with a random number, so that those of a runner before are unknown.',
  'same key': 'Another configuration under the same key gets another token.',
  damaged: 'A message that points out of itself is a BAD_REQUEST; Go panics, and closes the connection.',
  trickle: 'A frame may come in pieces; Go takes the first piece for a truncated frame.',
  'too large':
    'A reply of more than 16777215 bytes is a SERVICE_UNAVAILABLE; Go sends a broken frame up to twice that.',
  method: 'A method that the schema does not have is a BAD_REQUEST.',
  'limit-req': 'A request that would wait longer than APISIX does is rejected at once.',
  'regular expressions': 'Patterns are those of JavaScript.',
  'request-body-rewrite': 'Go 0.5.0 does not have it.',
} as const;

export type Deviation = keyof typeof DEVIATIONS;
