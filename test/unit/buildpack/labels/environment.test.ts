import { join } from 'node:path';
import { expect, test } from 'vitest';
import { environmentOf } from '../../../../src/buildpack/labels/environment.ts';
import { makeFolder } from '../../../support/workspace.ts';

function namesIn(files: Readonly<Record<string, string>>, entry = Object.keys(files)[0] ?? ''): readonly string[] {
  const app = makeFolder(files);
  return environmentOf(app, join(app, entry));
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
  ['not a member taken apart', 'const { A } = process.env.B.split()', ['B']],
])('%s', (_, source, names) => {
  expect(namesIn({ 'index.js': source })).toEqual(names);
});

test('modules that relative imports reach count, whatever they are written in; packages do not', () => {
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
  expect(namesIn(files)).toEqual(['B', 'C', 'LIB', 'X']);
});

test('what can not be read or stripped tells nothing', () => {
  expect(namesIn({ 'index.ts': 'enum A { B }\nprocess.env.A;' })).toEqual([]);
  expect(environmentOf('/app', '/app/missing.js')).toEqual([]);
});
