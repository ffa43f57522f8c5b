import { expect, test } from 'vitest';
import { commandOf } from '../../../src/buildpack/program-command.ts';
import { failureOf } from '../../support/failure.ts';

const SCRIPTS = {
  start: 'node server.js',
  test: 'npm run unit',
  unit: 'vitest run --reporter "a b"',
  loop: 'npm run loop',
};
const from = (text: string) => commandOf({ text, source: 'FUNC_ENTRYPOINT' }, { scripts: SCRIPTS, manager: 'npm' });

test.each<[string, readonly string[]]>([
  ['node server.js', ['node', 'server.js']],
  [`node --title 'a b' "c"d`, ['node', '--title', 'a b', 'cd']],
  ['npm start', ['node', 'server.js']],
  ['yarn start', ['node', 'server.js']],
  ['npm run start', ['node', 'server.js']],
  ['npm test', ['node', 'node_modules/.bin/vitest', 'run', '--reporter', 'a b']],
  ['npm t', ['node', 'node_modules/.bin/vitest', 'run', '--reporter', 'a b']],
  ['next start', ['node', 'node_modules/.bin/next', 'start']],
  ['./bin/www', ['node', './bin/www']],
])('%s is %j', (text, command) => {
  expect(from(text)).toEqual(command);
});

test.each([
  ['', 'nothing'],
  ['node a.js && node b.js', 'two programs'],
  ['node a.js | tee log', 'a pipe'],
  ['node $FILE', 'a variable'],
  ['NODE_ENV=test node a.js', 'a variable that is set'],
  ['node *.js', 'a pattern'],
  ['node "a', 'an open quote'],
  ['npm ci', 'a package manager'],
  ['npm run loop', 'a script that calls itself'],
  ['sh start.sh', 'a shell'],
  ['node a.js\nnode b.js', 'two lines'],
])('%j is refused: %s', async (text) => {
  expect(await failureOf(() => from(text))).toMatchSnapshot();
});
