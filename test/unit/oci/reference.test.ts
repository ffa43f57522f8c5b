import { expect, test } from 'vitest';
import { layoutPath, parseReference, parseTarget, pullName, storePath } from '../../../src/oci/reference.ts';
import { failureOf } from '../../support/failure.ts';

const DIGEST = `sha256:${'0a'.repeat(32)}`;

test.each([
  ['hello', 'index.docker.io/library/hello/latest'],
  ['hello:1.0', 'index.docker.io/library/hello/1.0'],
  ['me/hello', 'index.docker.io/me/hello/latest'],
  ['docker.io/me/hello', 'index.docker.io/me/hello/latest'],
  ['ghcr.io/me/a/b:c', 'ghcr.io/me/a/b/c'],
  ['localhost/ab', 'localhost/ab/latest'],
  ['localhost:5000/ab:c', 'localhost:5000/ab/c'],
  [`me/hello:1@${DIGEST}`, `index.docker.io/me/hello/sha256/${'0a'.repeat(32)}`],
])('%s lies in %s for the lifecycle', (name, path) => {
  expect(layoutPath(parseReference(name))).toBe(path);
});

test.each([
  ['hello', 'index.docker.io/library/hello+latest'],
  ['nest/a/latest', 'index.docker.io/nest/a/latest+latest'],
  ['nest/a', 'index.docker.io/nest/a+latest'],
  ['localhost:5000/me/a:b', 'localhost+5000/me/a+b'],
  [`localhost:5000/me/a@${DIGEST}`, `localhost+5000/me/a+sha256+${'0a'.repeat(32)}`],
])('%s lies in %s of the store', (name, path) => {
  expect(storePath(parseReference(name))).toBe(path);
});

test('an image for another architecture has a place of its own', () => {
  expect(storePath(parseReference('hello'), 'arm64')).toBe('index.docker.io/library/hello+latest+arm64');
});

test.each([
  '',
  'a',
  'localhost:5000/a:b',
  'Hello',
  'a b',
  '../a',
  'a/../b',
  'a:',
  'a:b:c',
  'localhost:5000/',
  'a@sha256:1',
  `aa@${DIGEST}0`,
  `aa@${DIGEST.toUpperCase()}`,
  `@${DIGEST}`,
  '-a',
  'a'.repeat(600),
])('%j is no name', async (name) => {
  expect(await failureOf(() => parseReference(name))).toContain('OFN-IMAGE-NAME');
});

test('registries are asked by digest where a name has one', () => {
  expect(pullName(`localhost:5000/a/bc:1@${DIGEST}`)).toBe(`localhost:5000/a/bc@${DIGEST}`);
  expect(pullName(`bc@${DIGEST}`)).toBe(`bc@${DIGEST}`);
  expect(pullName('localhost:5000/a/bc:1')).toBe('localhost:5000/a/bc:1');
});

test('an image that is to be made has no digest yet', async () => {
  expect(parseTarget('me/hello:1')).toMatchObject({ repository: 'me/hello', tag: '1' });
  expect(await failureOf(() => parseTarget(`me/hello:1@${DIGEST}`))).toContain('Leave it out: me/hello:1.');
});

test('the failure says what a name looks like', async () => {
  expect(await failureOf(() => parseReference('Hello'))).toMatchInlineSnapshot(`
    "ERROR [OFN-IMAGE-NAME] Couldn't use the image name "Hello": it is not a name an image can have.

    Names are lower case and of two characters at least, such as hello, me/hello:1.0 or registry.example.com/me/hello:1.0."
  `);
});
