import { mkdirSync, readFileSync, realpathSync } from 'node:fs';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { execa } from 'execa';
import { expect, test } from 'vitest';
import { CACHE, ROOT } from '../../scripts/cache.ts';
import { imageFolder } from '../../scripts/store.ts';
import { openLayout, type LayoutImage } from '../../src/oci/layout.ts';
import { unpackImage } from '../../src/oci/unpack.ts';
import { HOST_ARCH } from '../../stack/definition.ts';

async function open(folder: string): Promise<LayoutImage> {
  const image = await openLayout(folder, HOST_ARCH);
  if (image === undefined) throw new Error(`There is no layout in ${folder}: run "make stack".`);
  return image;
}

const image = (kind: 'build' | 'run') => open(realpathSync(imageFolder(`openfunction/${kind}-node:24`)));

/** Paths of all files of an image. */
async function filesOf(kind: 'build' | 'run'): Promise<string[]> {
  const { folder, layers } = await unpackImage(await image(kind), join(CACHE, 'layers'));
  const { stdout } = await execa('find', [...layers, '-printf', '/%P\n'], { cwd: folder });
  return stdout.split('\n');
}

const digestsOf = (images: readonly LayoutImage[]): string[] => images.map(({ digest }) => digest);

/** Makes both images below `folder` as somebody else would, with this umask and these variables besides, and gives their digests. */
async function makeStack(folder: string, umask: string, env: Readonly<Record<string, string>>): Promise<string[]> {
  const script = `import { makeStack } from './scripts/stack.ts'; await makeStack('${HOST_ARCH}', '${folder}');`;
  const args = ['-c', `umask ${umask}; exec "$@"`, 'sh', process.execPath, '--input-type=module', '--eval', script];
  await execa('sh', args, { cwd: ROOT, env });
  return digestsOf(await Promise.all([open(join(folder, 'build')), open(join(folder, 'run'))]));
}

test('the same definition gives the same digests, whatever the umask and the environment', async () => {
  const folder = join(CACHE, 'work', `stack-test-${process.pid}`);
  mkdirSync(folder, { recursive: true });
  try {
    const made = await makeStack(join(folder, 'a'), '077', {
      PYTHONDONTWRITEBYTECODE: '',
      LANG: 'de_DE.UTF-8',
      LC_ALL: 'C',
      TZ: 'Asia/Tokyo',
      TAR_OPTIONS: '-v',
    });
    const stored = digestsOf(await Promise.all([image('build'), image('run')]));
    // Those of the store were made some time ago: Debian may have other packages by now.
    const other = isDeepStrictEqual(stored, made)
      ? stored
      : await makeStack(join(folder, 'b'), '022', { PYTHONDONTWRITEBYTECODE: '1' });
    expect(made).toEqual(other);
  } finally {
    await execa('rm', ['-rf', folder]);
  }
});

test('the run image has no shell, no package manager and no interpreter but Node.js', async () => {
  const programs = (await filesOf('run')).filter((path) => /^\/(usr\/)?(local\/)?s?bin\/[^/]+$/.test(path));
  expect(programs).toEqual(['/usr/local/bin/node']);
});

test('the run image is small', async () => {
  const { layers } = await image('run');
  const megabytes = layers.reduce((sum, { size }) => sum + size, 0) / 1e6;
  // Nine tenths of it are Node.js.
  expect(megabytes).toBeLessThan(55);
});

test('the run image says which packages it has, where scanners look', async () => {
  const files = await filesOf('run');
  const described = files.filter((path) => path.startsWith('/var/lib/dpkg/status.d/') && !path.endsWith('.md5sums'));
  const wanted = readFileSync(new URL('../../stack/run.packages', import.meta.url), 'utf8').split('\n');
  const names = wanted.filter((line) => line !== '' && !line.startsWith('#'));
  expect(
    described
      .map((path) => path.split('/').at(-1))
      .filter((name) => name !== '')
      .toSorted(),
  ).toEqual(names);
});

test('both images say who they are, in one group and as two users', async () => {
  const [build, run] = await Promise.all([image('build'), image('run')]);
  expect(build.config.user).toBe('1000:1000');
  expect(run.config.user).toBe('1001:1000');
  expect(build.config.env).toMatchObject({
    CNB_USER_ID: '1000',
    CNB_GROUP_ID: '1000',
    CNB_PLATFORM_API: '0.12',
    HOME: '/home/cnb',
  });
  for (const { config } of [build, run]) {
    expect(Object.keys(config.labels)).toEqual(
      expect.arrayContaining(
        ['id', 'maintainer', 'homepage', 'released', 'description', 'distro.name', 'distro.version'].map(
          (name) => `io.buildpacks.base.${name}`,
        ),
      ),
    );
  }
});

test('the build image has what native modules are compiled with', async () => {
  const files = new Set(await filesOf('build'));
  const wanted = [
    'bin/bash',
    'bin/git',
    'bin/make',
    'bin/python3',
    'bin/g++',
    'local/bin/node',
    'local/bin/npm',
    'local/include/node/node.h',
  ];
  expect(wanted.filter((path) => !files.has(`/usr/${path}`))).toEqual([]);
});

test('nothing of the building machine is in the images', async () => {
  const traces =
    /^\/(etc\/(machine-id|hostname|resolv\.conf)|var\/(log|cache|lib\/apt\/lists)\/.*\.(log|bin|gz|lz4)|etc\/apt\/apt\.conf\.d\/.*proxy)$/;
  const found = [...(await filesOf('build')), ...(await filesOf('run'))].filter((path) => traces.test(path));
  expect(found).toEqual([]);
});
