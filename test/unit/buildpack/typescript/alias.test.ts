import { join } from 'node:path';
import { expect, test } from 'vitest';
import { FnError } from '../../../../src/base/error.ts';
import { explainAlias } from '../../../../src/buildpack/typescript/alias.ts';
import { failureOf } from '../../../support/failure.ts';
import { makeFolder } from '../../../support/workspace.ts';

const TSCONFIG = {
  'tsconfig.json': '{"compilerOptions": {"paths": {"@app/*": ["src/*"], "config": ["./config.ts"]}}}',
};

function missing(importer: string, specifier: string): FnError {
  return new FnError(`${importer} needs '${specifier}', and it is not there.`, {
    code: 'OFN-FUNC-DEPENDENCY',
    hint: 'Add it.',
  });
}

test.each(['@app/users/service.js', 'config'])('%s is explained by "paths" of tsconfig.json', async (specifier) => {
  const app = makeFolder(TSCONFIG);
  const failure = await failureOf(
    async () => {
      throw await explainAlias(app, missing(join(app, 'src/index.ts'), specifier));
    },
    { app },
  );
  expect(failure).toMatchSnapshot();
});

test('so is one of a plugin', async () => {
  const app = makeFolder(TSCONFIG);
  const text = `Couldn't load plugins: ${join(app, 'src/quota.js')} needs '@app/a', and it is not there.`;
  const thrown = new FnError(text, { code: 'OFN-APISIX-PLUGIN', hint: 'Install it.' });
  expect(await explainAlias(app, thrown)).toMatchObject({ hint: expect.stringContaining('"@app/*" in "paths"') });
});

test.each<[string, Record<string, string>, (app: string) => FnError]>([
  ['another package', TSCONFIG, (app) => missing(join(app, 'src/index.ts'), '@apps/a')],
  ['no tsconfig.json', {}, (app) => missing(join(app, 'index.js'), '@app/a')],
  ['a file outside of the app', TSCONFIG, () => missing('/layers/a.js', '@app/a')],
  ['another failure', TSCONFIG, () => new FnError('No.', { code: 'OFN-FUNC-LOAD', hint: 'Correct it.' })],
])('%s is not', async (_, files, make) => {
  const app = makeFolder(files);
  const error = make(app);
  expect(await explainAlias(app, error)).toBe(error);
});
