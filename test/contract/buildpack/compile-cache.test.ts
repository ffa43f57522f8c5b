import {
  chmodSync,
  cpSync,
  existsSync,
  globSync,
  lstatSync,
  readFileSync,
  readlinkSync,
  readdirSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { makeSite, type Site } from '../../support/buildpack.ts';
import { contentsOf } from '../../support/contents.ts';
import { ownPort } from '../../support/own-port.ts';
import { NPM_CACHE, launchEnvironment, lockFile, plainApp } from '../../support/shape.ts';
import { expectPrinted } from '../../support/server-process.ts';
import { start } from '../../support/process.ts';
import { makeFolder } from '../../support/workspace.ts';

const HELLO = { FUNC_NAME: 'hello', npm_config_cache: NPM_CACHE };
const TYPED = {
  'index.ts': `import { answer } from './answer.ts';\nexport const hello = (req: unknown, res: { end(text: string): void }): void => res.end(answer);\n`,
  'answer.ts': `export const answer: string = 'hello';\n`,
  'package.json': '{"type": "module"}',
};
const PACKAGED: Readonly<Record<string, string>> = { ...plainApp(), 'package-lock.json': lockFile('plain.npm') };

/** The folder that launches look into. */
function entriesOf(site: Site): string {
  return join(site.layers, 'function/compile-cache');
}

/** Starts what was built, calls it, and gives what Node says of its compiled code: module to accepted, rejected or not. */
async function startOf(site: Site, command: readonly string[] = []): Promise<ReadonlyMap<string, string>> {
  const port = String(await ownPort());
  const [program, ...args] = [...command, process.execPath, join(site.layers, 'function/main.mjs')];
  const PATH = process.env['PATH'];
  const given = {
    PATH,
    PORT: port,
    NODE_ENV: 'development',
    NODE_DEBUG_NATIVE: 'COMPILE_CACHE',
    TMPDIR: '/nonexistent',
  };
  // With the heap's share in NODE_OPTIONS, as launches have it.
  const env = await launchEnvironment(site.layers, given);
  const running = start(program, args, env);
  await expectPrinted(running, 'URL: http://localhost:');
  expect((await fetch(`http://127.0.0.1:${port}/`)).status).toBe(200);
  running.kill('SIGTERM');
  const { all } = await running.ended;
  const found = all.matchAll(/V8 code cache for \w+ (\S+) was (accepted|rejected|not initialized)/g);
  return new Map([...found].map(([, module = '', state = '']) => [module, state]));
}

/** Folders of memory that lead to the compiled code of an app; those of other tests come and go. */
function linksTo({ app }: Site): string[] {
  return globSync('/dev/shm/ofn-compile-cache-*/*').filter((path) => {
    const target = lstatSync(path, { throwIfNoEntry: false })?.isSymbolicLink() === true ? readlinkSync(path) : '';
    return target.startsWith(app);
  });
}

test('Node takes the code of every module out of the cache, for any user and where nothing but memory can be written', async () => {
  const site = makeSite(TYPED);
  const { exitCode, output } = await site.build(HELLO);
  expect(output).toMatch(/Compile cache: (\d+) of \1 modules/);
  expect(exitCode).toBe(0);
  // The two folders of this test, and nothing above them: what is in them can be read by everybody already.
  for (const folder of [site.app, dirname(site.layers)]) chmodSync(folder, 0o755);
  const asNobody = ['setpriv', '--reuid', '12345', '--regid', '12345', '--clear-groups'];
  for (const user of [[], asNobody]) {
    const start = await startOf(site, user);
    expect([...start.keys()].filter((module) => module.endsWith('.ts'))).toHaveLength(2);
    expect(new Set(start.values())).toEqual(new Set(['accepted']));
  }
  expect(linksTo(site)).toEqual([]);
});

test('a function starts where not even memory can be written', async () => {
  const site = makeSite(TYPED);
  expect((await site.build(HELLO)).exitCode).toBe(0);
  for (const folder of [site.app, dirname(site.layers)]) chmodSync(folder, 0o755);
  const readOnly =
    'mount --bind /dev/shm /dev/shm; mount --options remount,bind,ro /dev/shm; exec setpriv --reuid 12345 --regid 12345 --clear-groups "$@"';
  const start = await startOf(site, ['unshare', '--mount', 'sh', '-ec', readOnly, 'sh']);
  expect(start).toEqual(new Map());
});

test('processes of one container that start at once do not disturb each other', async () => {
  const site = makeSite(TYPED);
  expect((await site.build(HELLO)).exitCode).toBe(0);
  const starts = await Promise.all([startOf(site), startOf(site), startOf(site)]);
  for (const start of starts) expect(new Set(start.values())).toEqual(new Set(['accepted']));
});

test('it is the same in every build', async () => {
  const site = makeSite(PACKAGED);
  const kept = (): string[] => ['compile-cache', 'function'].flatMap((name) => contentsOf(join(site.layers, name)));
  expect((await site.build(HELLO)).exitCode).toBe(0);
  const first = kept();
  rmSync(site.layers, { recursive: true });
  rmSync(join(site.app, 'node_modules'));
  expect((await site.build(HELLO)).exitCode).toBe(0);
  expect(kept()).toEqual(first);
});

test('the part of dependencies is taken over with them, that of the app is made anew', async () => {
  const site = makeSite(PACKAGED);
  expect((await site.build(HELLO)).output).toMatch(/Compile cache: (\d+) of \1 modules/);
  const written = readFileSync(join(site.layers, 'compile-cache.toml'), 'utf8');
  const image = makeFolder();
  cpSync(site.layers, image, { recursive: true });
  site.forgetContents();
  writeFileSync(join(site.app, 'index.js'), `${PACKAGED['index.js']}// changed\n`);
  const { exitCode, output } = await site.build(HELLO);
  expect(output).toContain("Compile cache: reused, the app's modules are compiled anew");
  expect(exitCode).toBe(0);
  expect(existsSync(join(site.layers, 'compile-cache'))).toBe(false);
  expect(readFileSync(join(site.layers, 'compile-cache.toml'), 'utf8')).toBe(written);
  for (const layer of ['compile-cache', 'framework', 'modules']) {
    cpSync(join(image, layer), join(site.layers, layer), { recursive: true, verbatimSymlinks: true });
  }
  const start = await startOf(site);
  expect(start.get(join(site.app, 'index.js'))).toBe('accepted');
  expect(new Set(start.values())).toEqual(new Set(['accepted']));
});

test('an import that is gone makes it anew, as a first build would', async () => {
  const site = makeSite(PACKAGED);
  expect((await site.build(HELLO)).exitCode).toBe(0);
  site.forgetContents();
  writeFileSync(join(site.app, 'index.js'), 'exports.hello = (req, res) => res.end();\n');
  const { output } = await site.build(HELLO);
  expect(output).toContain('installing after all, because the compile cache has what is not imported any more');
  const links = readdirSync(entriesOf(site)).map((name) => join(entriesOf(site), name));
  for (const link of links.filter((path) => lstatSync(path).isSymbolicLink())) {
    expect(existsSync(readlinkSync(link))).toBe(true);
  }
});

test.each([
  ['BP_COMPILE_CACHE=off', { BP_COMPILE_CACHE: 'off' }],
  ['BP_FUNCTION_CHECK=off', { BP_FUNCTION_CHECK: 'off' }],
])('%s: none', async (_, env) => {
  const site = makeSite(TYPED);
  expect((await site.build({ ...HELLO, ...env })).exitCode).toBe(0);
  expect(existsSync(entriesOf(site))).toBe(false);
  expect(existsSync(join(site.layers, 'compile-cache'))).toBe(false);
  expect(await startOf(site)).toEqual(new Map());
});

test('a function that boots only once builds, with a warning', async () => {
  const source = `const fs = require('node:fs');\nfs.rmSync(__dirname + '/once');\nexports.hello = () => {};\n`;
  const site = makeSite({ 'index.js': source, once: '' });
  const { exitCode, output } = await site.build(HELLO);
  expect(output).toContain('WARNING: The compile cache was not tried, because the function boots once and not twice');
  expect(exitCode).toBe(0);
});
