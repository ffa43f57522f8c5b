import { lstatSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { FnError } from '../../../../src/base/error.ts';
import { createLog } from '../../../../src/base/log.ts';
import type { CompiledRequest } from '../../../../src/buildpack/proof/check-protocol.ts';
import { MODULES_FILE } from '../../../../src/buildpack/compile-cache/fill.ts';
import { finishCompileCache } from '../../../../src/buildpack/compile-cache/finish.ts';
import type { CompileCache } from '../../../../src/buildpack/compile-cache/layer.ts';
import { json } from '../../../support/shape.ts';
import { makeFolder } from '../../../support/workspace.ts';

const APP = 'aaaaaaaa';
const LAYER = '00000000';
const NODE = '24.21.0 x64';

interface Given {
  /** Entries of the previous image. */
  readonly kept?: readonly string[];
  readonly complete?: boolean;
  /** The Node.js that compiled. */
  readonly node?: string;
  /** What another boot does with what it is offered. */
  readonly boot?: (compiled: CompiledRequest) => void;
}

/** Finishes what a boot check left of an app and of a layer. */
async function finish({ kept, complete = true, node = NODE, boot = () => {} }: Given) {
  const appDir = makeFolder();
  const layersDir = makeFolder();
  const modules = { [APP]: join(appDir, 'index.js'), [LAYER]: join(layersDir, 'modules/index.js') };
  const list = json({ node, modules });
  const folder = makeFolder({ [APP]: 'app', [LAYER]: 'layer', [MODULES_FILE]: list });
  const key = { node: NODE, framework: 'f', modules: 'm' };
  const cache: CompileCache = {
    context: { appDir, layersDir },
    key,
    ofApp: true,
    kept,
    launchFolder: join(makeFolder(), 'entries'),
  };
  const lines: string[] = [];
  const log = createLog({ write: (line: string) => lines.push(line.trimEnd()) });
  const rehearsed = {
    compiled: { folder, preloaded: ['/framework.js'] },
    complete,
    boot: async (compiled: CompiledRequest) => {
      boot(compiled);
      writeFileSync(join(compiled.folder, MODULES_FILE), list);
    },
  };
  const code = await finishCompileCache(cache, rehearsed, log);
  // What was filled is gone when the function is tried.
  rmSync(folder, { recursive: true });
  const tell = await code?.tryOut();
  tell?.(log);
  const made = readdirSync(layersDir);
  return { entries: code && readdirSync(code.folder), made, lines };
}

test('what was left goes into the layer and the app, and is tried', async () => {
  const seen: CompiledRequest[] = [];
  const { entries, made, lines } = await finish({
    boot: (compiled) => {
      seen.push(compiled);
      expect(lstatSync(join(compiled.folder, APP)).isSymbolicLink()).toBe(true);
    },
  });
  expect(entries).toEqual([LAYER, APP]);
  expect(made).toEqual(['compile-cache', 'compile-cache.toml']);
  expect(lines).toEqual(['Compile cache: 2 of 2 modules']);
  expect(seen).toMatchObject([{ preloaded: ['/framework.js'] }]);
});

test('what Node compiles again is told', async () => {
  const { lines } = await finish({
    boot: ({ folder }) => {
      rmSync(join(folder, LAYER));
      writeFileSync(join(folder, LAYER), 'compiled after all');
    },
  });
  expect(lines).toEqual(['Compile cache: 1 of 2 modules']);
});

test('a layer is taken over by a boot that had not everything on disk', async () => {
  const { entries, made, lines } = await finish({ complete: false, kept: ['11111111'] });
  expect(entries).toEqual(['11111111', APP]);
  expect(made).toEqual(['compile-cache.toml']);
  expect(lines).toEqual(["Compile cache: reused, the app's modules are compiled anew"]);
});

test('code of another Node.js is of no use', async () => {
  expect(await finish({ node: '24.20.0 x64' })).toEqual({
    entries: undefined,
    made: [],
    lines: ['Compile cache: none, this build has Node.js 24.20.0 x64'],
  });
});

test('a function that boots once and not twice is served as it is', async () => {
  const { entries, lines } = await finish({
    boot: () => {
      throw new FnError("Couldn't boot.", { code: 'OFN-FUNC-LOAD', hint: '' });
    },
  });
  expect(entries).toEqual([LAYER, APP]);
  expect(lines).toEqual([
    'WARNING: The compile cache was not tried, because the function boots once and not twice: OFN-FUNC-LOAD.',
  ]);
});

test('a fault that is no answer to the boot is not hidden', async () => {
  const boot = (): never => {
    throw new TypeError('a fault of ours');
  };
  await expect(finish({ boot })).rejects.toThrow('a fault of ours');
});
