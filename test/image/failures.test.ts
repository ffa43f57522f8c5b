import { expect, test } from 'vitest';
import { copyOfSample, tryBuild, variables, WAYS } from '../support/image.ts';
import { makeFolder } from '../support/workspace.ts';

const HELLO = { FUNC_NAME: 'hello' };
const CASES: readonly { what: string; files: Record<string, string>; env: Record<string, string>; code: string }[] = [
  {
    what: 'a wrong FUNC_NAME',
    files: { 'index.js': 'exports.hello = () => {};' },
    env: { FUNC_NAME: 'helo' },
    code: 'OFN-FUNC-NOT-FOUND',
  },
  { what: 'a syntax error', files: { 'index.js': 'exports.hello = (' }, env: HELLO, code: 'OFN-FUNC-SYNTAX' },
  {
    what: 'an export that is no function',
    files: { 'index.js': 'exports.hello = 1;' },
    env: HELLO,
    code: 'OFN-FUNC-TYPE',
  },
  { what: 'a missing package', files: { 'index.js': 'require("express");' }, env: HELLO, code: 'OFN-FUNC-DEPENDENCY' },
  {
    what: 'a broken package.json',
    files: { 'package.json': '{', 'index.js': '' },
    env: HELLO,
    code: 'OFN-PACKAGE-JSON',
  },
];

test.each(WAYS.flatMap((way) => CASES.map(({ what, files, env, code }) => ({ way, what, files, env, code }))))(
  '$what fails the build with engine "$way", its code in view',
  async ({ way, files, env, code }) => {
    const { exitCode, output } = await tryBuild(way, makeFolder(files), 'ofn-test-failure', ...variables(env));
    expect(exitCode).toBe(1);
    expect(output).toContain(`ERROR [${code}]`);
    expect(output).toContain('ERROR [OFN-CLI-BUILD]');
  },
);

test.each(WAYS)('with engine "%s" a project that names no function is told how to name one', async (way) => {
  const { exitCode, output } = await tryBuild(way, copyOfSample('hello-esm'), 'ofn-test-failure');
  expect(exitCode).toBe(1);
  expect(output).toContain('No function is named: set FUNC_NAME');
});
