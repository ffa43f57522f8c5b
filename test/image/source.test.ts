import { chmodSync, readdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { execa } from 'execa';
import { expect, onTestFinished, test, vi } from 'vitest';
import { CACHE } from '../../scripts/cache.ts';
import { imageFolder } from '../../scripts/store.ts';
import { artefact } from '../support/artefact.ts';
import { buildImage, layersOf, tryBuild, WAYS, type Way } from '../support/image.ts';
import { start } from '../support/process.ts';
import { makeFolder } from '../support/workspace.ts';

const HELLO = ['--env', 'FUNC_NAME=hello'];
const SOURCE = { 'index.js': 'exports.hello = (req, res) => res.end();' };

/** When an image says it was created. */
async function createdOf(way: Way, image: string): Promise<string> {
  const [program, ...args] =
    way === 'docker'
      ? ['docker', 'image', 'inspect', '--format', '{{.Created}}', image]
      : [
          'skopeo',
          'inspect',
          '--config',
          '--format',
          '{{.Created.Format "2006-01-02T15:04:05Z07:00"}}',
          `oci:${imageFolder(image)}`,
        ];
  return (await execa(program, args)).stdout;
}

/** Gives the commands of a test a folder for their work that no other command has, and says what is in it. */
function ownWork(): () => string[] {
  const home = makeFolder();
  for (const shared of ['images', 'layers', 'tools']) symlinkSync(join(CACHE, shared), join(home, shared));
  vi.stubEnv('OFN_CACHE_DIR', home);
  onTestFinished(() => void vi.unstubAllEnvs());
  return () => readdirSync(join(home, 'work'));
}

test.each(WAYS)('with engine "%s" a link to a folder that nobody may write to is built', async (way) => {
  const folder = makeFolder();
  const source = makeFolder(SOURCE);
  symlinkSync(source, join(folder, 'link'));
  chmodSync(source, 0o555);
  const { output } = await buildImage(way, join(folder, 'link'), 'ofn-test-link', ...HELLO);
  expect(output).toContain('boots');
});

test.each(WAYS)('with engine "%s" a pipe in the source does not keep it from being built', async (way) => {
  const source = makeFolder(SOURCE);
  await execa('mkfifo', [join(source, 'pipe')]);
  const { output } = await buildImage(way, source, 'ofn-test-pipe', ...HELLO);
  expect(output).toContain('boots');
});

test('images whose names begin alike do not get into each other', async () => {
  const source = makeFolder(SOURCE);
  const inner = await buildImage('none', source, 'ofn-test-nest/a/latest', ...HELLO);
  const outer = await buildImage('none', source, 'ofn-test-nest/a', ...HELLO);
  expect(outer.digest).toBe(inner.digest);
});

test('skopeo reads the printed layout, also where the name has a port', async () => {
  const { output, digest } = await buildImage('none', makeFolder(SOURCE), 'localhost:5999/ofn-test/port', ...HELLO);
  const layout = /the OCI layout (\S+)/.exec(output)?.[1] ?? '';
  const { stdout } = await execa('skopeo', ['inspect', '--format', '{{.Digest}}', `oci:${layout}`]);
  expect(stdout).toBe(digest);
  expect(layout).toBe(imageFolder('localhost:5999/ofn-test/port'));
});

test.each(WAYS)('with engine "%s" a build that fails or is stopped leaves no folder behind', async (way) => {
  const work = ownWork();
  await tryBuild(way, makeFolder(), 'ofn-test-stopped');
  expect(work()).toEqual([]);
  for (const [signal, exitCode] of [['SIGINT', 130] as const, ['SIGTERM', 143] as const]) {
    const args = ['build', makeFolder(SOURCE), '--image', 'ofn-test-stopped', '--engine', way, ...HELLO];
    const running = start('node', [artefact('dist/cli/index.js'), ...args]);
    await running.printed('analyzing');
    running.kill(signal);
    expect((await running.ended).exitCode).toBe(exitCode);
    expect(work()).toEqual([]);
  }
});

test.each(WAYS)(
  'with engine "%s" SOURCE_DATE_EPOCH is when the image was created, and its layers stay',
  async (way) => {
    const source = makeFolder(SOURCE);
    const [image, later] = ['ofn-test-created', 'ofn-test-created-later'];
    await buildImage(way, source, image, ...HELLO);
    expect(await createdOf(way, image)).toBe('1980-01-01T00:00:01Z');
    vi.stubEnv('SOURCE_DATE_EPOCH', '1700000000');
    onTestFinished(() => void vi.unstubAllEnvs());
    await buildImage(way, source, later, ...HELLO);
    expect(await createdOf(way, later)).toBe('2023-11-14T22:13:20Z');
    expect(await layersOf(way, later)).toEqual(await layersOf(way, image));
  },
);
