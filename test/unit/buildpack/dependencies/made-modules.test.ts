import { existsSync, lstatSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { keepingMade, type MadeModules } from '../../../../src/buildpack/dependencies/made-modules.ts';
import { makeFolder } from '../../../support/workspace.ts';

const FOLDERS = ['', 'packages/a'];

/** Lets the clock of the file system, which goes in steps, go on. */
function tick(folder: string): void {
  const file = join(folder, 'clock');
  const now = (): number => {
    writeFileSync(file, '');
    return lstatSync(file).ctimeMs;
  };
  for (const then = now(); now() === then;);
}

/** A project with installed packages, and what `make` leaves among them. */
async function making(make: (write: (path: string) => void, projectDir: string) => void) {
  const projectDir = makeFolder({ 'node_modules/client/index.js': '', 'node_modules/dev/index.js': '' });
  tick(projectDir);
  const write = (path: string, text = path): void => {
    mkdirSync(dirname(join(projectDir, path)), { recursive: true });
    writeFileSync(join(projectDir, path), text);
  };
  const place = { projectDir, folders: FOLDERS, keptIn: join(makeFolder(), 'kept') };
  const made = await keepingMade(place, async () => {
    tick(projectDir);
    make(write, projectDir);
  });
  return { made, projectDir, place };
}

/** Installs for production, and puts back what was made. */
async function putBack(made: MadeModules | undefined, projectDir: string): Promise<void> {
  for (const folder of FOLDERS) rmSync(join(projectDir, folder, 'node_modules'), { recursive: true, force: true });
  mkdirSync(join(projectDir, 'node_modules/client'), { recursive: true });
  await made?.putBack();
}

test('what was made is put back but for what is of packages that are gone, and for caches', async () => {
  const { made, projectDir, place } = await making((write, folder) => {
    write('node_modules/.made/client/index.js');
    symlinkSync('client', join(folder, 'node_modules/.made/link'));
    write('node_modules/client/generated.js');
    write('node_modules/dev/changed.js');
    write('node_modules/@scope/whole/index.js');
    write('node_modules/.cache/tool.json');
    write('packages/a/node_modules/.made/index.js');
    write('src/made.js');
  });
  await putBack(made, projectDir);
  const has = (path: string): boolean => existsSync(join(projectDir, path));
  expect(readFileSync(join(projectDir, 'node_modules/.made/link/index.js'), 'utf8')).toContain('.made/client');
  expect(has('node_modules/client/generated.js')).toBe(true);
  expect(has('node_modules/dev')).toBe(false);
  expect(has('node_modules/.cache')).toBe(false);
  expect(has('src/made.js')).toBe(true);
  await made?.remove();
  expect(existsSync(join(place.keptIn, 'node_modules'))).toBe(false);
});

test('the digest is that of what was made', async () => {
  const digest = async (text: string): Promise<string | undefined> =>
    (await making((_, folder) => writeFileSync(join(folder, 'node_modules/client/made.js'), text))).made?.digest;
  const one = await digest('1');
  expect(await digest('1')).toBe(one);
  expect(await digest('2')).not.toBe(one);
  expect(await digest('')).toBeDefined();
});

test('nothing below node_modules, nothing kept', async () => {
  expect((await making((write) => write('dist/index.js'))).made).toBeUndefined();
});
