import { expect, test } from 'vitest';
import { describeMisspelt } from '../../../../src/buildpack/config/unknown-variables.ts';

const KNOWN = ['FUNC_NAME', 'FUNC_SRC', 'BP_DEBUG'];

test.each([
  ['FUNC_NMAE', ['FUNC_NMAE says nothing to this buildpack: did you mean FUNC_NAME?']],
  ['BP_DEBUGG', ['BP_DEBUGG says nothing to this buildpack: did you mean BP_DEBUG?']],
  ['FUNC_NAME', []],
  ['FUNC_GOPROXY', []],
  ['BP_OTHER_BUILDPACK', []],
  ['FUN_NAME', []],
])('%s: %j', (name, warnings) => {
  expect(describeMisspelt([name], KNOWN)).toEqual(warnings);
});
