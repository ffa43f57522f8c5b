import { readFile, realpath, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { execa } from 'execa';
import { satisfies } from 'semver';
import { FnError } from '../../base/error.ts';
import type { Log } from '../../base/log.ts';
import { withScratch } from '../../base/scratch.ts';
import type { Environment } from '../../base/setting.ts';
import { isTable } from '../../base/table.ts';
import { readJsonTable } from '../project/json-file.ts';
import type { Tsconfig } from './tsconfig.ts';

/** What to compile, and with what. */
export interface Compilation {
  readonly appDir: string;
  readonly tsconfig: Tsconfig;
  readonly env: Environment;
  readonly log: Log;
}

const OUTPUT_LIMIT = 16 * 1024 * 1024;
const SHOWN_LINES = 60;
/** How the compiler lists a file that it has written. */
const EMITTED = /^TSFILE: (.*)$/;

/**
 * Compiles a project with its own compiler and tsconfig.json, and gives the absolute paths of what was written. Whatever the compiler
 * complains of is OFN-TYPESCRIPT. Source maps are written too, and nothing that only a next run of the compiler needs.
 */
export async function compile({ appDir, tsconfig, env, log }: Compilation): Promise<readonly string[]> {
  const compiler = await findCompiler(tsconfig.path);
  return withScratch(tmpdir(), 'ofn-typescript', async (scratch) => {
    const args = argsFor(tsconfig, compiler.version, join(scratch, 'info'));
    log.info(`TypeScript: tsc ${compiler.version}, ${tsconfig.path.replace(`${appDir}/`, '')}`);
    const result = await execa('node', [compiler.program, ...args], {
      cwd: dirname(tsconfig.path),
      env,
      extendEnv: false,
      stdin: 'ignore',
      all: true,
      reject: false,
      maxBuffer: OUTPUT_LIMIT,
    });
    const lines = result.all.split('\n');
    const said = lines.filter((line) => line.trim() !== '' && !EMITTED.test(line));
    for (const line of said) log.debug(line);
    if (result.failed) throw complained(said, result.cause);
    const emitted = lines.flatMap((line) => EMITTED.exec(line)?.slice(1) ?? []);
    const info = emitted.filter((path) => path.endsWith('.tsbuildinfo'));
    await Promise.all(info.map((path) => rm(path, { force: true })));
    return emitted;
  });
}

/**
 * The JavaScript that was made of each module, by its source map; modules of which none was made are not in it. Maps name
 * files by the way to them or, behind links, as the files that they are: both are in it.
 */
export async function outputsOf(emitted: readonly string[]): Promise<ReadonlyMap<string, string>> {
  const outputs = new Map<string, string>();
  for (const path of emitted.filter((name) => /\.[cm]?jsx?\.map$/.test(name))) {
    const map: unknown = JSON.parse(await readFile(path, 'utf8'));
    const sources = isTable(map) && Array.isArray(map['sources']) ? map['sources'].map(String) : [];
    for (const source of sources.map((name) => resolve(dirname(path), name))) {
      const output = path.slice(0, -'.map'.length);
      const real = await realpath(source).catch(() => source);
      if (!outputs.has(real)) outputs.set(real, output);
      outputs.set(source, output);
    }
  }
  return outputs;
}

/** What a project has to change so that it can be compiled. */
export function cannotCompile(why: string, hint: string): FnError {
  return new FnError(`Couldn't compile the TypeScript of the project: ${why}.`, { code: 'OFN-TYPESCRIPT', hint });
}

async function findCompiler(tsconfig: string): Promise<{ readonly program: string; readonly version: string }> {
  const manifest = manifestOf(tsconfig);
  if (manifest === undefined) {
    throw cannotCompile(
      'package.json lists typescript, and the install has none',
      'Commit a lock file that has typescript, and see to it that it is among devDependencies of the package that is built.',
    );
  }
  const version = (await readJsonTable(manifest, 'OFN-TYPESCRIPT'))?.['version'];
  return { program: join(dirname(manifest), 'bin/tsc'), version: String(version) };
}

function manifestOf(tsconfig: string): string | undefined {
  try {
    return createRequire(tsconfig).resolve('typescript/package.json');
  } catch {
    return undefined;
  }
}

/** Options for every run. */
const ALWAYS = ['--listEmittedFiles', '--pretty', 'false'];
const MAPS = ['--sourceMap', 'true', '--inlineSourceMap', 'false'];
/** Options that the project may have set otherwise; `null` is what nobody has set. */
const OUTPUT = ['--noEmit', 'false', '--emitDeclarationOnly', 'false', '--sourceRoot', 'null', '--mapRoot', 'null'];
const REWRITE = ['--rewriteRelativeImportExtensions', 'true'];

/**
 * The project's own options decide, but for where maps are and that there is output. The compiler skips what a file of
 * an earlier run says is made already, so that file is another, and one that is not in the image.
 */
function argsFor(
  { path, hasReferences, needsRewrite }: Tsconfig,
  version: string,
  infoFile: string,
): readonly string[] {
  const has = (option: readonly string[], since: string): readonly string[] =>
    satisfies(version, since) ? option : [];
  if (hasReferences) return ['--build', path, '--force', ...ALWAYS, ...has(MAPS, '>=5.0.0-0')];
  const info = ['--incremental', 'true', '--tsBuildInfoFile', infoFile];
  const rewrite = needsRewrite ? has(REWRITE, '>=5.7.0-0') : [];
  return ['--project', path, ...ALWAYS, ...MAPS, ...OUTPUT, ...info, ...rewrite];
}

function complained(lines: readonly string[], cause: unknown): FnError {
  const rest = lines.length - SHOWN_LINES;
  const shown = [...lines.slice(0, SHOWN_LINES), ...(rest > 0 ? [`and ${rest} more lines`] : [])].join('\n');
  return new FnError(`Couldn't compile the TypeScript of the project: tsc says\n\n${shown}`, {
    code: 'OFN-TYPESCRIPT',
    hint: 'Correct the lines above; "npx tsc" shows the same in the project. With "noCheck" in tsconfig.json types are not checked.',
    cause,
  });
}
