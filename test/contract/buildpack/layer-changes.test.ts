import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { makeSite } from '../../support/buildpack.ts';

function toldIn(output: string): readonly string[] {
  return output.split('\n').filter((line) => line.startsWith('Layer "'));
}

const LOCK = { lockfileVersion: 3, requires: true };

function manifestOf(version: string): Record<string, string> {
  const root = { name: 'app', version, dependencies: { local: 'file:local' } };
  const packages = { '': root, 'node_modules/local': { resolved: 'local', link: true }, local: { version: '1.0.0' } };
  return {
    'package.json': JSON.stringify(root),
    'package-lock.json': JSON.stringify({ name: 'app', version, ...LOCK, packages }),
  };
}

test('a build tells which layers are others than those of the previous image, and why', async () => {
  const site = makeSite({
    ...manifestOf('1.0.0'),
    'local/package.json': '{"name": "local", "version": "1.0.0"}',
    'index.js': 'exports.hello = (req, res) => res.send("hi");',
    'other.js': 'exports.bye = (req, res) => res.send("bye");',
  });
  const env = { FUNC_NAME: 'hello' };
  expect(toldIn((await site.build(env)).output)).toEqual([]);

  site.forgetContents();
  rmSync(join(site.app, 'node_modules'), { recursive: true, force: true });
  expect(toldIn((await site.build(env)).output)).toEqual([]);

  site.forgetContents();
  rmSync(join(site.app, 'node_modules'), { recursive: true, force: true });
  for (const [name, text] of Object.entries(manifestOf('2.0.0'))) writeFileSync(join(site.app, name), text);
  const { exitCode, output } = await site.build({
    FUNC_NAME: 'bye',
    FUNC_SRC: 'other.js',
    BP_INSTALL_SCRIPTS: 'off',
    BP_COMPILE_CACHE: 'off',
  });
  expect({ exitCode, told: toldIn(output) }).toMatchInlineSnapshot(`
    {
      "exitCode": 0,
      "told": [
        "Layer "compile-cache": not in this image, the previous one has it",
        "Layer "function": made anew, for this has changed: FUNCTION_SOURCE, FUNCTION_TARGET, FUNC_NAME, compiled code of the app (gone), main.mjs, manifest.json",
        "Layer "modules": made anew, for this has changed: install scripts on -> off, package-lock.json",
      ],
    }
  `);
});
