// The acceptance cases of OpenFunction's builder for Node.js, in our words: what it built is built here.
// https://github.com/OpenFunction/builder/blob/main/builders/node16/acceptance/nodejs_fn_test.go
import { expect, test } from 'vitest';
import { makeSite } from '../../support/buildpack.ts';
import { ANSWER, answerOf, json, lockFile, NPM_CACHE, plainApp } from '../../support/shape.ts';

const NAMED = { FUNC_NAME: 'testFunction', npm_config_cache: NPM_CACHE };
const SOURCE = "exports.testFunction = (req, res) => res.send('PASS');\n";
const EMPTY_YARN_LOCK = '# yarn lockfile v1\n';

/** A function that answers what dependencies say, under the name and in the file of these cases. */
function withDependencies(more: Readonly<Record<string, string>>): Record<string, string> {
  const { 'index.js': source = '', ...files } = plainApp();
  return { ...files, 'function.js': source.replace('exports.hello', 'exports.testFunction'), ...more };
}

interface Case {
  readonly files: Readonly<Record<string, string>>;
  readonly answer?: string;
  /** What the output tells of its package manager; without it no manager is used. */
  readonly uses?: string;
}

const WITH_GOOGLES = json({ dependencies: { '@google-cloud/functions-framework': '^1.0.0' } });

const CASES: Readonly<Record<string, Case>> = {
  'without package.json': { files: { 'function.js': SOURCE } },
  'without package.json, with a lock file of Yarn': {
    files: { 'function.js': SOURCE, 'yarn.lock': EMPTY_YARN_LOCK },
  },
  'with an empty package.json': { files: { 'function.js': SOURCE, 'package.json': '{}' } },
  'with an empty package.json and a lock file of Yarn': {
    files: { 'function.js': SOURCE, 'package.json': '{}', 'yarn.lock': EMPTY_YARN_LOCK },
  },
  "with Google's framework": { files: { 'function.js': SOURCE, 'package.json': WITH_GOOGLES }, uses: 'npm install' },
  "with OpenFunction's framework": {
    files: {
      'function.js': SOURCE,
      'package.json': json({ dependencies: { '@openfunction/functions-framework': '^0.5.0' } }),
    },
  },
  'with dependencies': {
    files: withDependencies({ 'package-lock.json': lockFile('plain.npm') }),
    answer: ANSWER,
    uses: 'npm ci',
  },
  'with dependencies of Yarn': {
    files: withDependencies({ 'yarn.lock': lockFile('plain.yarn-1') }),
    answer: ANSWER,
    uses: 'yarn install',
  },
};

test.each(Object.entries(CASES))('a function %s is built and answers', async (_, { files, answer = 'PASS', uses }) => {
  const site = makeSite(files);
  expect(await site.detect(NAMED)).toMatchObject({ exitCode: 0 });
  const { exitCode, output } = await site.build(NAMED);
  expect(output).toMatch(/^Functions framework \S+: added$/m);
  expect(output.match(/(?:npm|yarn) (?:ci|install)/)?.[0]).toBe(uses);
  expect(exitCode).toBe(0);
  expect(await answerOf(site)).toBe(answer);
});

test('a function that needs a variable to load is built where the build has it, or does not boot it', async () => {
  const files = { 'function.js': `${SOURCE}console.log(process.env.FOO.toLowerCase());\n`, 'package.json': '{}' };
  const refused = await makeSite(files).build(NAMED);
  expect(refused.output).toContain('OFN-FUNC-LOAD');
  expect(refused.output).toContain('BP_FUNCTION_CHECK=off');
  for (const more of [{ FOO: 'bar' }, { BP_FUNCTION_CHECK: 'off' }]) {
    const site = makeSite(files);
    expect(await site.build({ ...NAMED, ...more })).toMatchObject({ exitCode: 0 });
    expect(await answerOf(site, { FOO: 'foo' })).toBe('PASS');
  }
});

test.each<[string, Record<string, string>, Record<string, string>, RegExp]>([
  [
    'a syntax error',
    { 'function.js': "exports.testFunction = (req, res) => {\n  if (true {\n    res.send('PASS');\n  }\n};\n" },
    {},
    /OFN-FUNC-SYNTAX[^]*function\.js[^]*SyntaxError: /,
  ],
  [
    'a "main" that is not there',
    { 'package.json': json({ main: 'function.js' }), 'server.js': SOURCE },
    {},
    /OFN-FUNC-SOURCE[^]*function\.js/,
  ],
  ['a FUNC_SRC that is not there', { 'function.js': SOURCE }, { FUNC_SRC: 'sub_dir' }, /OFN-FUNC-SOURCE[^]*sub_dir/],
])('%s ends the build and is named', async (_, files, env, fault) => {
  const { exitCode, output } = await makeSite(files).build({ ...NAMED, ...env });
  expect(output).toMatch(fault);
  expect(exitCode).toBe(1);
});

test('FUNC_SRC, which that builder refuses, names a folder', async () => {
  const site = makeSite({ 'sub_dir/function.js': SOURCE });
  expect(await site.build({ ...NAMED, FUNC_SRC: 'sub_dir' })).toMatchObject({ exitCode: 0 });
  expect(await answerOf(site)).toBe('PASS');
});
