import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { readBuildRequest, type BuildOptions } from '../../../src/cli/build-request.ts';
import type { Terminal } from '../../../src/cli/terminal.ts';
import { failureOf } from '../../support/failure.ts';
import { terminalOf } from '../../support/terminal.ts';
import { makeFolder } from '../../support/workspace.ts';

const PROVENANCE = { version: '1.0.0', lockFiles: ['package-lock.json'] };

const OPTIONS: BuildOptions = {
  image: 'hello',
  builder: 'openfunction/builder-node',
  env: [],
  publish: false,
  clearCache: false,
  verbose: false,
};

/** The request of the command line for a project that is for `execEnv`. */
const read = async (path: string, options: BuildOptions, terminal: Terminal, execEnv = 'production') =>
  readBuildRequest(path, options, terminal, {
    execEnvOfFolder: async () => execEnv,
    provenanceFacts: async () => PROVENANCE,
  });

test('a link to a folder stands for the folder', async () => {
  const cwd = makeFolder();
  mkdirSync(join(cwd, 'function'));
  symlinkSync('function', join(cwd, 'link'));
  expect(await read('link', OPTIONS, terminalOf({ cwd }))).toMatchObject({ source: join(cwd, 'function') });
});

test.each([
  ['linux/arm64', 'arm64'],
  ['linux/amd64', undefined],
  [undefined, undefined],
])('the platform %s is the foreign architecture %s', async (platform, foreignArch) => {
  const options = { ...OPTIONS, ...(platform === undefined ? {} : { platform }) };
  const request = await read('.', options, terminalOf({ cwd: makeFolder(), arch: 'amd64' }));
  expect(request.foreignArch).toBe(foreignArch);
});

test('a platform that is not served is refused', async () => {
  const terminal = terminalOf({ cwd: makeFolder() });
  const failure = await failureOf(() => read('.', { ...OPTIONS, platform: 'linux/386' }, terminal));
  expect(failure).toContain('Give linux/amd64 or linux/arm64.');
});

test.each(['a', 'localhost:1/a'])('the image name %s is refused', async (image) => {
  const terminal = terminalOf({ cwd: makeFolder() });
  expect(await failureOf(() => read('.', { ...OPTIONS, image }, terminal))).toContain('OFN-IMAGE-NAME');
});

test.each(['nothing', 'file', 'dangling'])('a path to %s is refused', async (path) => {
  const cwd = makeFolder();
  writeFileSync(join(cwd, 'file'), '');
  symlinkSync('nowhere', join(cwd, 'dangling'));
  expect(await failureOf(() => read(path, OPTIONS, terminalOf({ cwd })))).toContain('is not a folder');
});

test('what an image is for is what its project says', async () => {
  const terminal = terminalOf({ cwd: makeFolder() });
  expect(await read('.', OPTIONS, terminal, 'development')).toMatchObject({ execEnv: 'development' });
});

test.each([
  ['1700000000', 1_700_000_000],
  ['', undefined],
])('SOURCE_DATE_EPOCH=%s is the time %s', async (text, created) => {
  const terminal = terminalOf({ cwd: makeFolder(), env: { SOURCE_DATE_EPOCH: text } });
  expect((await read('.', OPTIONS, terminal)).created).toBe(created);
});

test.each(['now', '-1', '2026-11-21'])('SOURCE_DATE_EPOCH=%s is refused', async (text) => {
  const terminal = terminalOf({ cwd: makeFolder(), env: { SOURCE_DATE_EPOCH: text } });
  expect(await failureOf(() => read('.', OPTIONS, terminal))).toContain('Give seconds since 1970');
});

test('provenance goes to a file of a folder that is there', async () => {
  const terminal = terminalOf({ cwd: makeFolder({ 'out/a': '' }) });
  const wanted = { ...OPTIONS, provenance: 'out/provenance.json' };
  const file = join(terminal.cwd, 'out/provenance.json');
  expect((await read('.', wanted, terminal)).provenance).toEqual({
    file,
    inSource: 'out/provenance.json',
    ...PROVENANCE,
  });
  const outside = terminalOf({ cwd: makeFolder({ 'app/a': '' }) });
  symlinkSync(terminal.cwd, join(outside.cwd, 'other'));
  expect((await read('app', { ...wanted, provenance: 'other/out/provenance.json' }, outside)).provenance).toEqual({
    file,
    inSource: undefined,
    ...PROVENANCE,
  });
  const elsewhere = { ...OPTIONS, provenance: 'gone/provenance.json' };
  expect(await failureOf(() => read('.', elsewhere, terminal))).toContain('OFN-CLI-ARGUMENT');
});
