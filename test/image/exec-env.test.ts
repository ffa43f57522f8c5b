import { execa } from 'execa';
import { expect, test } from 'vitest';
import { imageFolder } from '../../scripts/store.ts';
import { openLayout } from '../../src/oci/layout.ts';
import { HOST_ARCH } from '../../stack/definition.ts';
import { artefact } from '../support/artefact.ts';
import { buildImage, ofn, startImage, WAYS, type Way } from '../support/image.ts';
import { ownPort } from '../support/own-port.ts';
import { start } from '../support/process.ts';
import { end, expectPrinted } from '../support/server-process.ts';
import { makeFolder } from '../support/workspace.ts';

const IMAGE = 'ofn-test-exec-env';
const FILES = {
  'index.mjs': "export const hello = (req, res) => res.end('served');",
  'hello.test.mjs': [
    "import { test } from 'node:test';",
    "import { inc } from 'semver';",
    "test('of the project', () => { if (inc('1.0.0', 'major') !== process.env.WANTED) throw new Error('another'); });",
  ].join('\n'),
  'package.json': JSON.stringify({
    scripts: { test: 'node --test' },
    devDependencies: { semver: '7.7.2' },
    openfunction: { name: 'hello', source: 'index.mjs' },
  }),
};

/** The label that says what an image is for. */
async function execEnvOf(way: Way): Promise<string | undefined> {
  if (way === 'none') return (await openLayout(imageFolder(IMAGE), HOST_ARCH))?.config.labels['io.buildpacks.exec-env'];
  const format = '{{index .Config.Labels "io.buildpacks.exec-env"}}';
  return (await execa('docker', ['image', 'inspect', '--format', format, IMAGE])).stdout;
}

test.each(WAYS)('with engine "%s" an image for tests runs them, and serves when it is asked to', async (way) => {
  await buildImage(way, makeFolder(FILES), IMAGE, '--env', 'BP_ENV=test');
  expect(await execEnvOf(way)).toBe('test');
  const words = ['run', IMAGE, '--engine', way, '--port', String(await ownPort())];
  const passed = await ofn([...words, '--env', 'WANTED=2.0.0']);
  expect(passed).toMatchObject({ exitCode: 0, output: expect.stringContaining('of the project') });
  expect(await ofn([...words, '--env', 'WANTED=3.0.0'])).toMatchObject({ exitCode: 1 });

  const port = String(await ownPort());
  const args = ['run', IMAGE, '--engine', way, '--process', 'web', '--port', port];
  const serving = start('node', [artefact('dist/cli/index.js'), ...args]);
  try {
    await expectPrinted(serving, 'URL: http://localhost:');
    expect(await (await fetch(`http://127.0.0.1:${port}`)).text()).toBe('served');
  } finally {
    await end(serving, 'SIGTERM');
  }
});

test.each(WAYS)('with engine "%s" an image for development is one by its label, and serves', async (way) => {
  const inFile = '[[io.buildpacks.build.env]]\nname = "BP_ENV"\nvalue = "development"\n';
  await buildImage(way, makeFolder({ ...FILES, 'project.toml': `[_]\nschema-version = "0.2"\n${inFile}` }), IMAGE);
  expect(await execEnvOf(way)).toBe('development');
  expect(await (await fetch(await startImage(way, IMAGE))).text()).toBe('served');
});
