import { expect, test } from 'vitest';
import { createLog } from '../../../../src/base/log.ts';
import { defaultContext } from '../../../../src/framework/context/default-context.ts';
import { makeServicesOf } from '../../../../src/framework/context/services.ts';
import { readPlatform } from '../../../../src/framework/platform.ts';

const log = createLog({ write: () => {} });
const CONTEXT = defaultContext('shop');

test.each([
  ['the context of one function', CONTEXT, false, 'shop'],
  ['the context of several', CONTEXT, true, 'hello'],
  ['no context', undefined, true, 'hello'],
])('%s: traces and logs call a function as they know it', (_, context, hasSeveral, name) => {
  const services = makeServicesOf(context, readPlatform({}), log, undefined, hasSeveral)('hello');
  expect(services.functionName).toBe(name);
});
