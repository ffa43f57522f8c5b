import { expect, test } from 'vitest';
import { commandOf } from '../../../../src/buildpack/launch/program-command.ts';
import { moduleOf } from '../../../../src/buildpack/launch/program-module.ts';

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
])('the module of "%s"', (text, module) => {
  const command = commandOf({ text, source: 'Procfile' }, { scripts: {}, manager: 'npm' });
  expect(moduleOf(command, '/app')).toBe(module);
});
