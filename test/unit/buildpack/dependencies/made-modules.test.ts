import { existsSync, lstatSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import {
  isSameGenerated,
  keepingMade,
  type Generated,
  type MadeModules,
} from '../../../../src/buildpack/dependencies/made-modules.ts';
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
async function putBack(made: MadeModules | undefined, projectDir: string): Promise<Generated | undefined> {
  for (const folder of FOLDERS) rmSync(join(projectDir, folder, 'node_modules'), { recursive: true, force: true });
  mkdirSync(join(projectDir, 'node_modules/client'), { recursive: true });
  return made?.putBack();
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
  const generated = await putBack(made, projectDir);
  expect(Object.keys(generated ?? {})).toEqual([
    'node_modules/.made',
    'node_modules/@scope/whole',
    'node_modules/client',
    'node_modules/dev',
    'packages/a/node_modules/.made',
  ]);
  expect(generated?.['node_modules/dev']).toBe('dropped');
  const has = (path: string): boolean => existsSync(join(projectDir, path));
  expect(readFileSync(join(projectDir, 'node_modules/.made/link/index.js'), 'utf8')).toContain('.made/client');
  expect(has('node_modules/client/generated.js')).toBe(true);
  expect(has('node_modules/@scope/whole/index.js')).toBe(true);
  expect(has('packages/a/node_modules/.made/index.js')).toBe(true);
  expect(has('node_modules/dev')).toBe(false);
  expect(has('node_modules/.cache')).toBe(false);
  expect(has('src/made.js')).toBe(true);
  await made?.remove();
  expect(existsSync(join(place.keptIn, 'node_modules'))).toBe(false);
});

test('what is made again is compared with what was put back', async () => {
  const make = async (
    client: string,
    dev = '',
  ): Promise<{ readonly made: MadeModules; readonly projectDir: string }> => {
    const { made, projectDir } = await making((_, folder) => {
      writeFileSync(join(folder, 'node_modules/client/made.js'), client);
      if (dev !== '') writeFileSync(join(folder, 'node_modules/dev/made.js'), dev);
    });
    if (made === undefined) throw new Error('Nothing was made.');
    return { made, projectDir };
  };
  const first = await make('1', '1');
  const earlier = (await putBack(first.made, first.projectDir)) ?? {};
  expect(isSameGenerated(earlier, [(await make('1', '2')).made])).toBe(true);
  expect(isSameGenerated(earlier, [(await make('2', '1')).made])).toBe(false);
  expect(isSameGenerated(earlier, [(await make('1')).made])).toBe(false);
  expect(isSameGenerated(earlier, [])).toBe(false);
  expect(isSameGenerated({}, [first.made])).toBe(false);
  expect(isSameGenerated({}, [])).toBe(true);
});

test('nothing below node_modules, nothing kept', async () => {
  expect((await making((write) => write('dist/index.js'))).made).toBeUndefined();
});
