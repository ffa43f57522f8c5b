import { existsSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import {
  readRegistrySettings,
  settleIn,
  withReferences,
} from '../../../../src/buildpack/bindings/registry-settings.ts';
import { readBindings } from '../../../../src/libcnb/binding.ts';
import { failureOf } from '../../../support/failure.ts';
import { makeFolder } from '../../../support/workspace.ts';

async function settingsOf(files: Readonly<Record<string, string>>): Promise<ReadonlyMap<string, string>> {
  return readRegistrySettings(await readBindings('', { SERVICE_BINDING_ROOT: makeFolder(files) }));
}

test('settings of npm and of both kinds of Yarn; other types are none of ours', async () => {
  const found = await settingsOf({
    'a/type': 'npmrc',
    'a/.npmrc': 'A',
    'b/type': 'YarnRC',
    'b/.yarnrc': 'B',
    'b/.yarnrc.yml': 'C',
    'c/type': 'postgresql',
    'd/type': 'postgresql',
  });
  expect(Object.fromEntries(found)).toEqual({ '.npmrc': 'A', '.yarnrc': 'B', '.yarnrc.yml': 'C' });
});

test.each([
  ['two bindings of one type', { 'a/type': 'npmrc', 'a/.npmrc': '', 'b/type': 'npmrc', 'b/.npmrc': '' }],
  ['a binding without its file', { 'a/type': 'yarnrc', 'a/yarnrc': '' }],
])('%s: a coded error with its name', async (_, files) => {
  expect(await failureOf(() => settingsOf(files))).toMatchSnapshot();
});

test('a home has the settings, and what the own one has besides', async () => {
  const own = makeFolder({ '.gitconfig': 'own', '.npmrc': 'own' });
  const home = join(makeFolder(), 'home');
  expect(await settleIn(home, new Map([['.npmrc', 'A']]), { HOME: own })).toEqual({ HOME: home });
  expect(readFileSync(join(home, '.npmrc'), 'utf8')).toBe('A');
  expect(readFileSync(join(home, '.gitconfig'), 'utf8')).toBe('own');
  expect(statSync(join(home, '.npmrc')).mode & 0o777).toBe(0o600);
  expect(readFileSync(join(own, '.npmrc'), 'utf8')).toBe('own');
});

test('without settings the home stays; one that is not there has nothing to link', async () => {
  const home = join(makeFolder(), 'home');
  expect(await settleIn(home, new Map(), { HOME: '/' })).toEqual({});
  expect(existsSync(home)).toBe(false);
  expect(await settleIn(home, new Map([['.npmrc', 'A']]), { HOME: '/nowhere' })).toEqual({ HOME: home });
});

test('lines of the app that refer to variables are settings of the home too, after those of the binding', () => {
  const appNpmrcs = [
    'a=b\n//r.example/:_authToken=${NPM_TOKEN}\n# //r.example/:_auth=${A}\ncafile=${HOME}/ca.pem\n',
    '@a:registry=https://${HOST}/\nregistry = "https://${HOST}/"\n//r.example/:_authToken=abc',
  ];
  const lines = '//r.example/:_authToken=${NPM_TOKEN}\n@a:registry=https://${HOST}/\nregistry = "https://${HOST}/"\n';
  const ownNpmrc = 'own';
  const bound = new Map([['.npmrc', 'bound']]);
  expect(withReferences(bound, { appNpmrcs, ownNpmrc }).get('.npmrc')).toBe(`bound\n${lines}`);
  expect(withReferences(new Map(), { appNpmrcs, ownNpmrc }).get('.npmrc')).toBe(`own\n${lines}`);
  expect(withReferences(new Map(), { appNpmrcs: ['a=b'], ownNpmrc })).toEqual(new Map());
});
