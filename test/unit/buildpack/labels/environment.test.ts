import { join } from 'node:path';
import { expect, test } from 'vitest';
import { environmentOf } from '../../../../src/buildpack/labels/environment.ts';
import { makeFolder } from '../../../support/workspace.ts';

async function namesIn(
  files: Readonly<Record<string, string>>,
  entry = Object.keys(files)[0] ?? '',
): Promise<readonly string[]> {
  const app = makeFolder(files);
  return environmentOf(app, [join(app, entry)]);
}

test.each([
  ['a member', 'const a = process.env.A;', ['A']],
  ['a member that may not be there', "process.env?.A ?? ''; process?.env.B", ['A', 'B']],
  ['a literal in brackets', 'process.env[\'A\']; process.env[`B`]; process.env?.["C"]', ['A', 'B', 'C']],
  ['taken apart', "const { A, B: b = '1', C = 2, ...rest } = process.env;", ['A', 'B', 'C']],
  ['env of node:process', "import { env } from 'node:process';\nenv.A; const { B } = env; other.env.C;", ['A', 'B']],
  ['each once, sorted', 'process.env.B; process.env.A; process.env.B', ['A', 'B']],
  ['not in comments', '// process.env.A\n/* process.env.B */', []],
  ['not what is computed, nor all of it', 'process.env[name]; run({ env: process.env }); env.A', []],
  [
    'a default with commas, and inner patterns',
    "const { F1 = 'x,y', nested: { z } = {}, D } = process.env;",
    ['D', 'F1', 'nested'],
  ],
  [
    'env by another name',
    "import { env as e } from 'node:process'; import p from 'process'; e.A; p.env.B;",
    ['A', 'B'],
  ],
  ['env of a namespace', "import * as p from 'process'; p.env.A; p.default.env.B", ['A', 'B']],
  ['env that is required', "const { env } = require('process'); env.A; require('node:process').env.B;", ['A', 'B']],
  ['env that is imported late', "const { env } = await import('node:process'); env.A;", ['A']],
  ['env kept under a name, used above it', 'f(); function f() { return e.A; } const e = process.env;', ['A']],
  [
    'env of a process that is taken apart',
    'const { env: { A, B: b = 1 } } = process; ({ C: x.y } = process.env);',
    ['A', 'B', 'C'],
  ],
  ['parameters with defaults', 'function f({ A } = process.env, e = process.env) { return e.B; }', ['A', 'B']],
  [
    'of the global object, and with a fallback',
    'globalThis.process.env.A; (process.env ?? {}).B; (process?.env).C',
    ['A', 'B', 'C'],
  ],
  ['not of what is called process elsewhere', 'a.process.env.A; globalThis.env.B; env.C', []],
  ['whether it is there', "'A' in process.env;", ['A']],
  ['read and written', "process.env.A ??= '1'; process.env.B += '2'; process.env.C++;", ['A', 'B', 'C']],
  [
    'not what is only written or removed',
    "process.env.A = '1'; delete process.env.B; delete process.env?.C; [process.env.D] = [];",
    [],
  ],
  ['not in texts and patterns', 'const a = "process.env.A"; const b = /process.env.B/; const c = `process.env.C`;', []],
  ['in texts with values', 'const a = `${process.env.A}`;', ['A']],
  ['not what every object has', "process.env.hasOwnProperty('A')", []],
  ['of a script that is no module', 'with (process) env.A; process.env.B; return;', ['B']],
  ['not a member taken apart', 'const { A } = process.env.B.split()', ['B']],
])('%s', async (_, source, names) => {
  expect(await namesIn({ 'index.js': source })).toEqual(names);
});

test('modules that relative imports reach count, whatever they are written in; packages do not', async () => {
  const files = {
    'src/index.ts':
      "import { a } from './a.js';\nimport b from './b';\nexport { c } from './c.ts';\nconst x: string = process.env.X!;",
    'src/a.js': "require('../lib'); import('pack');",
    'src/b.cjs': 'process.env.NOT_REACHED',
    'src/b.js': "process.env.B; import './index.ts';",
    'src/c.ts': 'export const c: string = process.env.C as string;',
    'src/unused.js': 'process.env.UNUSED',
    'lib/index.js': "process.env.LIB; require('../../outside.js'); require('./data.json')",
    'lib/data.json': '"process.env.DATA"',
    'node_modules/pack/index.js': 'process.env.PACK',
  };
  expect(await namesIn(files)).toEqual(['B', 'C', 'LIB', 'X']);
});

test('what can not be read or stripped tells nothing', async () => {
  expect(await namesIn({ 'index.ts': 'enum A { B }\nprocess.env.A;' })).toEqual([]);
  expect(await environmentOf('/app', ['/app/missing.js'])).toEqual([]);
});
