import { join } from 'node:path';
import { expect, test } from 'vitest';
import { describeError, FnError } from '../../../../src/base/error.ts';
import { createLog } from '../../../../src/base/log.ts';
import { secretsOfBindings } from '../../../../src/buildpack/bindings/binding-secrets.ts';
import {
  hiding,
  hidingError,
  hidingLog,
  isSecret,
  secretsIn,
  withoutSecrets,
} from '../../../../src/buildpack/bindings/secrets.ts';
import { makeFolder } from '../../../support/workspace.ts';

const SECRET = 'c4nary-t0ken';

test.each([
  ['a variable', { NPM_TOKEN: SECRET }, ''],
  ["a variable of npm's configuration", { 'npm_config_//r.example/:_authToken': SECRET }, ''],
  ['.npmrc', {}, `//r.example/:_authToken=${SECRET}`],
  ['.npmrc with blanks and quotes', {}, `//r.example/:_password = "${SECRET}"`],
  ['.yarnrc', {}, `"//r.example/:_authToken" "${SECRET}"`],
  ['.yarnrc.yml', {}, `npmScopes:\n  a:\n    npmAuthToken: "${SECRET}"`],
  ['bunfig.toml', {}, `registry = { url = "https://r.example", token = "${SECRET}" }`],
])('a secret of %s is hidden', (_, env, settings) => {
  expect(hiding(secretsIn(env, [settings]))(`token ${SECRET}, done`)).toBe('token ***, done');
});

test('secrets of addresses and of assignments are hidden, whatever they are', () => {
  const hide = hiding([]);
  expect(hide('GET https://me:pw@r.example/a and git+https://pw@r.example/b')).toBe(
    'GET https://***@r.example/a and git+https://***@r.example/b',
  );
  expect(hide('set _authToken=x y')).toBe('set _authToken=*** y');
  const shown = 'as in https://user:password@mirror.example.com/node.';
  expect(hide(shown)).toBe(shown);
  expect(hide('https://user:password1@r.example')).toBe('https://***@r.example');
});

test('other variables, references and short values are not secrets', () => {
  const env = { FUNC_NAME: 'function-of-mine', NPM_TOKEN: 'test', AUTHOR: 'somebody-else' };
  const text = 'function-of-mine test somebody-else ${NPM_TOKEN}';
  expect(hiding(secretsIn(env, ['//r.example/:_authToken=${NPM_TOKEN}']))(text)).toBe(text);
});

test('the longer of two secrets is hidden whole', () => {
  expect(hiding([SECRET, `${SECRET}-more`])(`${SECRET}-more`)).toBe('***');
});

test('lines of every level and errors are without secrets', () => {
  const lines: string[] = [];
  const log = createLog({ write: (line: string) => lines.push(line) }, { level: 'debug' });
  const hide = hiding([SECRET]);
  const quiet = hidingLog(log, hide);
  quiet.debug(SECRET);
  quiet.info(SECRET);
  quiet.warn(SECRET);
  quiet.error(SECRET);
  expect(lines).toEqual(['***\n', '***\n', 'WARNING: ***\n', '***\n']);
  const failure = new FnError(SECRET, { code: 'OFN-CONFIG', hint: SECRET });
  expect(describeError(hidingError(failure, hide))).toBe('ERROR [OFN-CONFIG] ***\n\n***');
  expect(describeError(hidingError(new TypeError(SECRET), hide))).toMatch(/^ERROR \[OFN-INTERNAL\] TypeError: \*\*\*/);
});

test.each([
  ['//r.example/:_authToken=x', '//r.example/:_authToken=***'],
  ['//r.example/:_password = "a b"', '//r.example/:_password = ***'],
  ['//r.example/:key="-----BEGIN KEY-----"\nomit=dev', '//r.example/:key=***\nomit=dev'],
  ["npmAuthToken: 'x y'\nnodeLinker: pnp", 'npmAuthToken: ***\nnodeLinker: pnp'],
  ['{ token = "x", url = "https://me:pw@r.example/a" }', '{ token = ***, url = "https://r.example/a" }'],
  ['save-exact=true', 'save-exact=true'],
])('settings without secrets, be they short: %s', (settings, rest) => {
  expect(withoutSecrets(settings)).toBe(rest);
});

test('variables of secrets are known by their names', () => {
  const secrets = [
    'NPM_TOKEN',
    'STRIPE_KEY',
    'DB_PASS',
    'MYSQL_PWD',
    'SENTRY_DSN',
    'SSH_PASSPHRASE',
    'npm_config__auth',
  ];
  expect(secrets.filter((name) => !isSecret(name))).toEqual([]);
  expect(['PWD', 'OLDPWD', 'KEYBOARD', 'MONKEY', 'BYPASS', 'AUTHOR', 'FUNC_NAME'].filter(isSecret)).toEqual([]);
});

test('entries of bindings are secrets by their names, whatever they bind', async () => {
  const entries = (values: Readonly<Record<string, string>>): ReadonlyMap<string, string> => {
    const folder = makeFolder(values);
    return new Map(Object.keys(values).map((name) => [name, join(folder, name)]));
  };
  const ofDatabase = {
    password: 'pa55word-1\n',
    'client-secret': 'secret-22',
    'tls.key': 'key-3333',
    host: 'db.example',
  };
  const bindings = [
    { name: 'db', type: 'postgresql', entries: entries({ ...ofDatabase, 'api.key': 'short' }) },
    { name: 'ca', type: 'ca-certificates', entries: entries({ 'ca.key': 'public-ca-key' }) },
  ];
  expect(await secretsOfBindings(bindings)).toEqual(['pa55word-1', 'secret-22', 'key-3333']);
});
