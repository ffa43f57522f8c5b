import { expect, test } from 'vitest';
import { describeError, describeThrown, FnError, messageOf } from '../../../src/base/error.ts';

test('a coded failure reads as code, message and next act', () => {
  const error = new FnError("Couldn't do it: no.", { code: 'OFN-CONFIG', hint: 'Do that.', cause: new Error('x') });
  expect(describeError(error)).toMatchInlineSnapshot(`
    "ERROR [OFN-CONFIG] Couldn't do it: no.

    Do that."
  `);
  expect(error.cause).toEqual(new Error('x'));
});

test('an unforeseen failure shows its stack and asks for a report', () => {
  const error = new TypeError('x is not a function');
  error.stack = 'TypeError: x is not a function\n    at somewhere';
  expect(describeError(error)).toMatchInlineSnapshot(`
    "ERROR [OFN-INTERNAL] TypeError: x is not a function
        at somewhere

    A fault of ours: please report it with the output above."
  `);
});

test('a coded failure that is logged keeps its code and its hint below the stack', () => {
  const error = new FnError("Couldn't do it: no.", { code: 'OFN-CONFIG', hint: 'Do that.' });
  error.stack = "Error: Couldn't do it: no.\n    at somewhere";
  expect(describeThrown(error)).toMatchInlineSnapshot(`
    "Error: Couldn't do it: no.
        at somewhere
    [OFN-CONFIG] Do that."
  `);
});

test.each([
  ['an error', new Error('text'), 'text'],
  ['a text', 'text', 'text'],
  ['nothing', undefined, 'undefined'],
])('the message of %s', (_, thrown, message) => {
  expect(messageOf(thrown)).toBe(message);
});
