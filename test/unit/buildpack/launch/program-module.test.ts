import { expect, test } from 'vitest';
import { commandOf } from '../../../../src/buildpack/launch/program-command.ts';
import { moduleOf, requireModule } from '../../../../src/buildpack/launch/program-module.ts';
import { makeFolder } from '../../../support/workspace.ts';

test.each([
  ['node server.js', '/app/server.js'],
  ['node dist/main --port 80', '/app/dist/main'],
  ['node .', '/app'],
  ['node --enable-source-maps --env-file=.env -r ./hook.js dist/main.js', '/app/dist/main.js'],
  ['node --import ./hook.js --no-warnings /srv/main.js', '/srv/main.js'],
  ['./bin/www', '/app/bin/www'],
  ['node --eval 1 server.js', undefined],
  ['node --test test/a.js', undefined],
  ['node --title server.js', undefined],
  ['next start', undefined],
  ['node ./node_modules/next/dist/bin/next start', undefined],
])('the module of "%s"', (text, module) => {
  const command = commandOf({ text, source: 'Procfile' }, { scripts: {}, manager: 'npm' });
  expect(moduleOf(command, '/app')).toBe(module);
});

/** Looks for the modules of a command in an app with a server and three hooks. */
function look(text: string): void {
  const appDir = makeFolder({ 'server.js': '', 'hook.mjs': '', 'hook.cjs': '', 'lib/hook/index.js': '' });
  const command = commandOf({ text, source: 'Procfile' }, { scripts: {}, manager: 'npm' });
  requireModule(command, { appDir, projectDir: appDir });
}

test.each([
  'node server.js',
  'node --import ./hook.mjs -r ./hook.cjs --require=./lib/hook server.js',
  'node --import tsx --import data:text/javascript, --require ./node_modules/dotenv/config server.js',
])('all modules of "%s" are there', (text) => {
  expect(() => look(text)).not.toThrow();
});

test.each([
  ['node missing.js', 'missing.js'],
  ['node --import ./missing.mjs server.js', 'missing.mjs'],
  ['node --import=./missing.mjs server.js', 'missing.mjs'],
  ['node -r ./missing --title server.js', 'missing'],
])('"%s" lacks %s', (text, missing) => {
  const what = `Couldn't use the command "${text}" from Procfile: there is no ${missing}, and nothing of the build`;
  expect(() => look(text)).toThrow(what);
});
