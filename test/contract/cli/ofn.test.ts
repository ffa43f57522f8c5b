import { execa } from 'execa';
import { expect, test } from 'vitest';
import { artefact } from '../../support/artefact.ts';
import { makeFolder } from '../../support/workspace.ts';

async function ofn(...args: string[]): Promise<{ exitCode: number | undefined; all: string }> {
  const { exitCode, all } = await execa('node', [artefact('dist/cli/index.js'), ...args], {
    all: true,
    reject: false,
    cwd: makeFolder(),
  });
  return { exitCode, all };
}

test.each<[string, string[]]>([
  ['help', ['help']],
  ['build --help', ['build', '--help']],
  ['run --help', ['run', '--help']],
  ['explain --help', ['explain', '--help']],
  ['env --help', ['env', '--help']],
  ['env', ['env', 'FUNC_NAME=hello', 'NODE_OPTIONS=--max-old-space-size=512']],
  ['generate function --help', ['generate', 'function', '--help']],
])('ofn %s', async (_, args) => {
  expect(await ofn(...args)).toMatchSnapshot();
});

test.each<[string, string[]]>([
  ['no image', ['build']],
  ['an unknown command', ['buidl']],
  ['a folder that is not there', ['build', 'nowhere', '--image', 'hello']],
  ['a name that is none', ['build', '.', '--image', 'Hello World']],
  ['a variable without a value', ['build', '.', '--image', 'hello', '--env', 'FUNC_NAME']],
  ['certificates that are not there', ['build', '.', '--image', 'hello', '--ca-cert', 'nothing.pem']],
  ['a folder for bills that is a file', ['build', '.', '--image', 'hello', '--sbom-output-dir', '/dev/null']],
  ['an execution environment that is none', ['build', '.', '--image', 'hello', '--env', 'BP_ENV=staging']],
  ['a variable that is none', ['env', 'FUNC_NAME']],
  ["a variable of the lifecycle's", ['env', 'FUNC_NAME=hello', 'CNB_X=1']],
  ['a port that is a word', ['run', 'hello', '--port', 'http']],
])('%s is refused', async (_, args) => {
  expect(await ofn(...args)).toMatchSnapshot();
});
