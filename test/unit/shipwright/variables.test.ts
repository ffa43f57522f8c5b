import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { readBuildVariables, writePlatformEnv } from '../../../src/shipwright/variables.ts';
import { makeFolder } from '../../support/workspace.ts';

const environ = (...entries: readonly string[]): Buffer => Buffer.from(entries.map((entry) => `${entry}\0`).join(''));

const ODD = {
  NODE_OPTIONS: '--max-old-space-size=512 --title=a b',
  URL: 'https://x?a=b&c="d"',
  JSON: '{"a": 1}',
  EMPTY: '',
  QUOTE: "it's `id` $(id) ${HOME} #no > 'x'",
  LINES: 'a\nb\n\ttab\r\n',
  RANGE: '>=20',
  'dotted.name-1': 'ü€😀',
};

test('variables of the build are files, byte for byte', async () => {
  const platform = makeFolder();
  const entries = Object.entries(ODD).map(([name, value]) => `${name}=${value}`);
  await writePlatformEnv(platform, readBuildVariables(environ(...entries)).build);
  const files = Object.keys(ODD).map((name) => [name, readFileSync(join(platform, 'env', name), 'utf8')]);
  expect(Object.fromEntries(files)).toEqual(ODD);
});

test('bytes that are no UTF-8 stay', () => {
  const bytes = Buffer.from([0x41, 0x3d, 0xff, 0x00, 0x42, 0x3d, 0x80, 0x3d, 0x00]);
  const { build } = readBuildVariables(bytes);
  expect([...build]).toEqual([
    ['A', Buffer.from([0xff])],
    ['B', Buffer.from([0x80, 0x3d])],
  ]);
});

test('what the container has by itself is not for what is built, and the lifecycle gets nothing of the build', () => {
  const { build, lifecycle } = readBuildVariables(
    environ(
      'PATH=/usr/bin',
      'HOME=/home/cnb',
      'HOSTNAME=pod',
      'LANG=C.UTF-8',
      'CNB_USER_ID=1000',
      'HTTPS_PROXY=http://proxy:3128',
      'CNB_EXEC_ENV=test',
      'NODE_OPTIONS=--bogus',
      'LD_PRELOAD=/none.so',
    ),
  );
  expect([...build.keys()]).toEqual(['HTTPS_PROXY', 'CNB_EXEC_ENV', 'NODE_OPTIONS', 'LD_PRELOAD']);
  expect(lifecycle).toEqual({
    PATH: '/usr/bin',
    HOME: '/home/cnb',
    HOSTNAME: 'pod',
    LANG: 'C.UTF-8',
    CNB_USER_ID: '1000',
    HTTPS_PROXY: 'http://proxy:3128',
    CNB_EXEC_ENV: 'test',
  });
});

test("OpenFunction's variables are sorted as the container's are, which win", () => {
  const { build, lifecycle } = readBuildVariables(environ('PATH=/usr/bin', 'FUNC_NAME=hello'), [
    'PATH=/x',
    'HOME=/y',
    'CNB_EXEC_ENV=test',
    'HTTPS_PROXY=http://proxy:3128',
    'FUNC_NAME=other',
    'GREETING=hi',
  ]);
  expect(Object.fromEntries([...build].map(([name, value]) => [name, value.toString()]))).toEqual({
    CNB_EXEC_ENV: 'test',
    HTTPS_PROXY: 'http://proxy:3128',
    FUNC_NAME: 'hello',
    GREETING: 'hi',
  });
  expect(lifecycle).toEqual({
    PATH: '/usr/bin',
    HOME: '/y',
    CNB_EXEC_ENV: 'test',
    HTTPS_PROXY: 'http://proxy:3128',
  });
});

test('a language of the build is its own', () => {
  expect([...readBuildVariables(environ('LANG=de_DE.UTF-8')).build.keys()]).toEqual(['LANG']);
});

test.each(['../../etc/passwd', 'a/b', '..', '1st', 'two words', 'ü', 'A'.repeat(256)])(
  'the name %s is refused',
  (name) => {
    expect(() => readBuildVariables(environ(`${name}=1`))).toThrowErrorMatchingSnapshot();
  },
);
