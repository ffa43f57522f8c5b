import { readFileSync } from 'node:fs';
import { cpSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { artefact, ROOT } from '../../support/artefact.ts';
import { makeClient, type Call } from '../../support/http-call.ts';
import { start } from '../../support/process.ts';
import { makeFolder } from '../../support/workspace.ts';

const EVENT = { id: '1', source: '//s/a', type: 'example.made', specversion: '1.0' };
const CONTEXT = { eventId: '1', timestamp: 't', eventType: 'google.pubsub.topic.publish', resource: 'r' };
const json = (body: unknown): Call => ({
  method: 'POST',
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify(body),
});
const structured = (body: unknown): Call => ({
  ...json(body),
  headers: { 'content-type': 'application/cloudevents+json' },
});

/** Runs a function of the fixture as the conformance client does: in its folder, with the flags of the contract. */
async function run(target: string, signatureType: string, call: Call) {
  const folder = makeFolder();
  cpSync(join(ROOT, 'test/fixtures/conformance'), folder, { recursive: true });
  const command = `cd '${folder}' && exec node '${artefact('bin/functions-framework.js')}' --target ${target} --signature-type ${signatureType} --port 0`;
  const child = start('sh', ['-c', command], { NODE_ENV: 'development' });
  const port = Number(/localhost:(\d+)/.exec(await child.printed('URL: http://localhost:'))?.[1]);
  const { status } = await makeClient(port)(call);
  return { status, output: JSON.parse(readFileSync(join(folder, 'function_output.json'), 'utf8')) };
}

test.each<[string, string, Call, number, unknown]>([
  ['writeHttp', 'http', json({ a: 1 }), 200, { a: 1 }],
  ['writeHttpDeclarative', 'http', json({ a: 1 }), 200, { a: 1 }],
  ['writeTypedDeclarative', 'http', json({ message: 'm' }), 200, { payload: { message: 'm' } }],
  [
    'writeCloudEvent',
    'cloudevent',
    structured({ ...EVENT, data: { a: 1 } }),
    204,
    { ...EVENT, data: { a: 1 }, datacontenttype: 'application/json' },
  ],
  [
    'writeCloudEventDeclarative',
    'cloudevent',
    structured(EVENT),
    204,
    { ...EVENT, datacontenttype: 'application/json' },
  ],
  ['writeLegacyEvent', 'event', json({ context: CONTEXT, data: { a: 1 } }), 204, { context: CONTEXT, data: { a: 1 } }],
])('%s with --signature-type %s', async (target, signatureType, call, status, output) => {
  expect(await run(target, signatureType, call)).toEqual({ status, output });
});
