import { expect, test } from 'vitest';
import { commandOf } from '../../../../src/buildpack/launch/program-command.ts';
import { failureOf } from '../../../support/failure.ts';

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
  ['node --test test/*.test.js', ['node', '--test', 'test/*.test.js']],
  ['node --test "test/**/*.js" {a,b}.js', ['node', '--test', 'test/**/*.js', '{a,b}.js']],
  ["mocha 'test/*.js'", ['node', 'node_modules/.bin/mocha', 'test/*.js']],
])('%s is %j', (text, command) => {
  expect(from(text).command).toEqual(command);
});

test.each([
  ['', 'nothing'],
  ['node a.js && node b.js', 'two programs'],
  ['node a.js | tee log', 'a pipe'],
  ['node $FILE', 'a variable'],
  ['node *.js', 'a pattern'],
  ['mocha test/*.js', 'a pattern of another program'],
  ['NODE_ENV=test', 'a variable without a program'],
  ['node "a', 'an open quote'],
  ['npm ci', 'a package manager'],
  ['npm run loop', 'a script that calls itself'],
  ['sh start.sh', 'a shell'],
  ['node a.js\nnode b.js', 'two lines'],
])('%j is refused: %s', async (text) => {
  expect(await failureOf(() => from(text))).toMatchSnapshot();
});

test('variables before a program are its own, also those of a script that leads to it', () => {
  const { command, env } = from(`A=1 B='two words' C= node a.js D=4`);
  expect(command).toEqual(['node', 'a.js', 'D=4']);
  expect(env).toEqual({ A: '1', B: 'two words', C: '' });
  const scripts = { start: 'A=inner B=2 node server.js' };
  expect(commandOf({ text: 'A=outer C=3 npm start', source: 'Procfile' }, { scripts, manager: 'npm' }).env).toEqual({
    A: 'inner',
    B: '2',
    C: '3',
  });
});

test('scripts around the ones that are followed are known', () => {
  const scripts = { prestart: 'a', start: 'npm run serve', postserve: 'b', serve: 'node server.js', postinstall: 'c' };
  const found = commandOf({ text: 'npm start', source: 'Procfile' }, { scripts, manager: 'npm' });
  expect(found).toMatchObject({ passedOver: ['prestart', 'postserve'], program: undefined, source: 'Procfile' });
  expect(found.line.source).toBe('"serve" in scripts of package.json');
});

test('programs of packages that pnpm installs are shell scripts', async () => {
  const project = { scripts: {}, manager: 'pnpm' };
  expect(
    await failureOf(() => commandOf({ text: 'vitest run', source: 'FUNC_ENTRYPOINT' }, project)),
  ).toMatchSnapshot();
});
