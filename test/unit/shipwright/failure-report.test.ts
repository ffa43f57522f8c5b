import { expect, test } from 'vitest';
import { FailureReader } from '../../../src/shipwright/failure-report.ts';

const reportOf = (text: string, signal?: string) => {
  const reader = new FailureReader();
  for (const line of text.split('\n')) reader.read(line);
  return reader.report(signal);
};

test("the buildpack's own failure, with its hint", () => {
  const output = `===> ANALYZING
===> DETECTING
openfunction/node-function 1.0.0
===> BUILDING
ERROR [OFN-FUNC-NOT-FOUND] Couldn't use the function "helo": index.js has no such export.
It exports hello.

Did you mean "hello"?
Timer: Builder ran for 1s
ERROR: failed to build: exit status 1`;
  expect(reportOf(output)).toMatchInlineSnapshot(`
    {
      "message": "Couldn't use the function "helo": index.js has no such export.
    It exports hello.

    Did you mean "hello"?",
      "reason": "OFN-FUNC-NOT-FOUND",
    }
  `);
});

test.each(['ANALYZING', 'DETECTING', 'RESTORING', 'BUILDING', 'EXPORTING'])(
  'a failure of the lifecycle in %s',
  (phase) => {
    expect(reportOf(`===> ${phase}\nERROR: something is wrong`)).toMatchSnapshot();
  },
);

test('a lifecycle that says nothing, and one that was killed', () => {
  expect(reportOf('')).toMatchInlineSnapshot(`
    {
      "message": "Couldn't build the image: the lifecycle failed while it was starting: it did not say why.

    The log of the step "build" says why.",
      "reason": "OFN-LIFECYCLE",
    }
  `);
  expect(reportOf('===> BUILDING', 'SIGKILL')).toMatchInlineSnapshot(`
    {
      "message": "Couldn't build the image: the lifecycle was killed while it was building.

    Most likely the memory was too little: give the step "build" more in spec.strategy.stepResources.",
      "reason": "OFN-LIFECYCLE",
    }
  `);
});

test('what the lifecycle says of a registry is in the message', () => {
  expect(reportOf('===> EXPORTING\nERROR: denied: push access').message).toContain('denied: push access');
});

test('a long message keeps its beginning and its hint', () => {
  const { message } = reportOf(`ERROR [OFN-DEPS-INSTALL] Couldn't install:\n${'"é\n'.repeat(5000)}\nRead it.`);
  expect(Buffer.byteLength(JSON.stringify(message))).toBeLessThanOrEqual(2100);
  expect(message).toMatch(/^Couldn't install:[^]*\[\.\.\.\][^]*Read it\.$/);
});

test('markup counts as Tekton writes it, six bytes a letter', () => {
  const { message } = reportOf(`ERROR [OFN-BUILD-SCRIPT] Couldn't build:\n${'<p>&</p>\n'.repeat(2000)}\nRead it.`);
  const written = JSON.stringify(message).replaceAll(/[<>&]/g, '\\u003c');
  expect(Buffer.byteLength(written)).toBeLessThanOrEqual(2100);
  expect(message).toMatch(/^Couldn't build:[^]*\[\.\.\.\][^]*Read it\.$/);
});
