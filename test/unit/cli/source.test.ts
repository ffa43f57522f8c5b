import { execFileSync } from 'node:child_process';
import { chmodSync, existsSync, lstatSync, readFileSync, readlinkSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { checkSource, copySource } from '../../../src/cli/source.ts';
import { failureOf } from '../../support/failure.ts';
import { terminalOf } from '../../support/terminal.ts';
import { makeFolder } from '../../support/workspace.ts';

/** A folder whose name stays clear of the target's. */
const target = (): string => join(makeFolder(), 'app');

test('files, folders and links are copied as they are', async () => {
  const source = makeFolder({ 'index.js': '1', 'lib/a.js': '2' });
  symlinkSync('lib/a.js', join(source, 'link'));
  symlinkSync('nowhere', join(source, 'dangling'));
  chmodSync(join(source, 'index.js'), 0o755);
  const app = target();
  await copySource(source, app, terminalOf());
  expect(readFileSync(join(app, 'lib/a.js'), 'utf8')).toBe('2');
  expect(readlinkSync(join(app, 'link'))).toBe('lib/a.js');
  expect(readlinkSync(join(app, 'dangling'))).toBe('nowhere');
  expect(lstatSync(join(app, 'index.js')).mode & 0o777).toBe(0o755);
});

test('what a build writes itself is left out', async () => {
  const source = makeFolder({ 'out/provenance.json': '{}', 'provenance.json': '{}' });
  const app = target();
  const terminal = terminalOf();
  await copySource(source, app, terminal, 'out/provenance.json');
  expect(existsSync(join(app, 'out/provenance.json'))).toBe(false);
  expect(existsSync(join(app, 'provenance.json'))).toBe(true);
  expect(terminal.printed()).toBe('Left out out/provenance.json: this build writes it anew\n');
});

test('folders that nobody may write to can be written to in the copy', async () => {
  const source = makeFolder({ 'lib/a.js': '1' });
  for (const folder of [join(source, 'lib'), source]) chmodSync(folder, 0o555);
  const app = target();
  await copySource(source, app, terminalOf());
  expect(lstatSync(app).mode & 0o700).toBe(0o700);
  expect(lstatSync(join(app, 'lib')).mode & 0o700).toBe(0o700);
  for (const folder of [source, join(source, 'lib')]) chmodSync(folder, 0o755);
});

test('pipes and sockets are left out, and a line says so', async () => {
  const source = makeFolder({ 'index.js': '' });
  execFileSync('mkfifo', [join(source, 'pipe')]);
  const server = createServer().listen(join(source, 'socket'));
  onTestFinished(() => void server.close());
  await new Promise((listening) => server.once('listening', listening));
  const app = target();
  const terminal = terminalOf();
  await copySource(source, app, terminal);
  expect(['index.js', 'pipe', 'socket'].map((name) => existsSync(join(app, name)))).toEqual([true, false, false]);
  expect(terminal.printed().split('\n').toSorted().slice(1)).toEqual([
    'Left out pipe: it is neither a file, a folder nor a link',
    'Left out socket: it is neither a file, a folder nor a link',
  ]);
});

test('a name that is not UTF-8 is refused, and named', async () => {
  const source = makeFolder({ 'lib/index.js': '' });
  writeFileSync(Buffer.concat([Buffer.from(`${source}/lib/caf`), Buffer.from([0xe9])]), '');
  expect(await failureOf(() => checkSource(source))).toMatchInlineSnapshot(`
    "ERROR [OFN-CLI-SOURCE] Couldn't read the folder of the function: the name of "lib/caf�" is not UTF-8.

    Rename the file."
  `);
});

test('a source of which something can not be read is refused', async () => {
  const source = makeFolder();
  expect(await failureOf(() => checkSource(join(source, 'gone')), { source })).toMatchInlineSnapshot(`
    "ERROR [OFN-CLI-SOURCE] Couldn't read the folder of the function: ENOENT: no such file or directory, scandir '<source>/gone'.

    See that whoever builds may read all of the folder, and that the disk is not full."
  `);
});

test('a copy ends when the user stops it', async () => {
  const source = makeFolder({ 'index.js': '' });
  await expect(copySource(source, target(), terminalOf({ stopped: AbortSignal.abort() }))).rejects.toThrow('aborted');
});
