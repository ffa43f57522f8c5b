import { expect, test } from 'vitest';
import { describeError } from '../../../../src/base/error.ts';
import { explainFailure } from '../../../../src/buildpack/managers/failure.ts';
import { NPM } from '../../../../src/buildpack/managers/npm.ts';

const RUN = { program: 'npm', rows: NPM.failures, scripts: { postinstall: 'husky', test: 'vitest' } };
const OUT_OF_SYNC =
  'npm error code EUSAGE\nnpm error\nnpm error `npm ci` can only install packages when your package.json and package-lock.json are in sync.';
const USAGE = Array.from({ length: 60 }, (_, line) => `npm error   --option-${line}`).join('\n');

test.each([
  ['a lock file that disagrees', OUT_OF_SYNC],
  [
    'a lock file that disagrees, line by line',
    `${OUT_OF_SYNC}\nnpm error\nnpm error Invalid: lock file's is-odd@3.0.1 does not satisfy is-odd@3.0.0\nnpm error Missing: semver@7.7.2 from lock file\nnpm error\nnpm error Usage:\n${USAGE}`,
  ],
  [
    'a script of the app that needs a devDependency',
    'sh: 1: husky: not found\nnpm error code 127\nnpm error path /workspace\nnpm error command failed\nnpm error command sh -c husky',
  ],
  [
    'a script of a package',
    'npm error code 1\nnpm error path /workspace/node_modules/a\nnpm error command failed\nnpm error command sh -c node x',
  ],
  [
    'an unknown package',
    'npm error code E404\nnpm error 404 Not Found - GET https://registry.example.com/no-such - Not found',
  ],
  ['an unknown version', 'npm error code ETARGET\nnpm error notarget No matching version found for a@99.'],
  ['credentials that are refused', 'npm error code E401\nnpm error Incorrect or missing password.'],
  ['bytes that differ', 'npm error code EINTEGRITY\nnpm error sha512-a integrity checksum failed'],
  [
    'a compiler error',
    'npm error gyp ERR! build error\nnpm error gyp ERR! stack Error: `make` failed with exit code: 2',
  ],
  ['no network', 'npm error code ENOTFOUND\nnpm error network request failed'],
  ['an unknown certificate', 'npm error code SELF_SIGNED_CERT_IN_CHAIN'],
  ['anything else', 'npm error code EWHAT'],
])('%s', (_, output) => {
  expect(describeError(explainFailure(output, RUN))).toMatchSnapshot();
});

const FRAMEWORK = '@openfunction/functions-framework';

test.each<[string, object]>([
  [
    'version 3',
    {
      lockfileVersion: 3,
      packages: {
        '': { dependencies: { a: '1', [FRAMEWORK]: '^0.4.1' } },
        'node_modules/a': { version: '1.0.0' },
        [`node_modules/${FRAMEWORK}`]: { version: '0.4.1', dependencies: { b: '1' } },
        [`node_modules/${FRAMEWORK}/node_modules/b`]: { version: '1.0.0' },
        'packages/fn': { devDependencies: { [FRAMEWORK]: '*' } },
      },
    },
  ],
  ['version 1', { lockfileVersion: 1, dependencies: { a: { version: '1.0.0' }, [FRAMEWORK]: { version: '0.4.1' } } }],
])('a package is taken out of a lock file of %s', (_, lock) => {
  const text = NPM.withoutPackage(JSON.stringify(lock), FRAMEWORK);
  expect(text).not.toContain(FRAMEWORK);
  expect(JSON.parse(text)).toMatchSnapshot();
});
