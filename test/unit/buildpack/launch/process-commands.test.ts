import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import {
  processCommands,
  programsOf,
  requirePrograms,
  warningsOfCommands,
  writeProcessVariables,
} from '../../../../src/buildpack/launch/process-commands.ts';
import { failureOf } from '../../../support/failure.ts';
import { makeFolder } from '../../../support/workspace.ts';

const START = { text: 'npm start', source: '"start" in scripts of package.json' };

const commands = (scripts: Readonly<Record<string, string>>, execEnv: 'production' | 'test' = 'test') =>
  processCommands({
    commandLine: scripts['start'] === undefined ? undefined : START,
    execEnv,
    scripts,
    manager: 'npm',
  });

test('tests are those of the script, in images for tests', () => {
  expect(commands({ test: 'vitest run' }).test?.command).toEqual(['node', 'node_modules/.bin/vitest', 'run']);
  expect(commands({ test: 'vitest run' }, 'production')).toEqual({ web: undefined, test: undefined });
});

test.each([{}, { test: 'echo "Error: no test specified" && exit 1' }])('%j has no tests of its own', (scripts) => {
  expect(commands(scripts).test?.command).toEqual(['node', '--test']);
});

test('scripts that would run before and after are told, unless the build runs them', () => {
  const around = commands({ prestart: 'node migrate.js', start: 'node server.js', pretest: 'a', posttest: 'b' });
  expect(warningsOfCommands(around, ['prestart'])).toEqual([]);
  const all = commands({ prestart: 'node migrate.js', start: 'node server.js', pretest: 'a', test: 'node --test' });
  expect(warningsOfCommands(all, ['pretest'])).toMatchInlineSnapshot(`
    [
      ""prestart" in scripts of package.json does not run: a process of the image is the one program that "start" in scripts of package.json says. Run it in the build with BP_NODE_RUN_SCRIPTS=prestart, or let the program do it.",
    ]
  `);
});

test('programs are those of packages, and have to be installed', async () => {
  const wanted = commands({ start: 'nodemon server.js', test: 'jest' });
  expect(programsOf(wanted)).toEqual(['jest', 'nodemon']);
  expect(programsOf(commands({ start: 'node server.js' }))).toEqual([]);
  const nodeModules = makeFolder({ '.bin/nodemon': '' });
  expect(await failureOf(async () => requirePrograms(nodeModules, wanted))).toMatchInlineSnapshot(`
    "ERROR [OFN-COMMAND] Couldn't use the command "jest" from "test" in scripts of package.json: no installed package has a program jest.

    Add the package that has jest to "dependencies" of package.json and update the lock file; those of devDependencies are in images for development and tests alone."
  `);
  await requirePrograms(nodeModules, commands({ start: 'nodemon server.js' }, 'production'));
});

test('variables of a command line are those of its process', async () => {
  const layer = makeFolder();
  await writeProcessVariables(layer, commands({ start: 'node server.js', test: 'NODE_ENV=ci node --test' }));
  expect(readFileSync(join(layer, 'env.launch/test/NODE_ENV.override'), 'utf8')).toBe('ci');
});
