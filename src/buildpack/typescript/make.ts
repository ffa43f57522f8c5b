import { basename, dirname, extname, join, relative } from 'node:path';
import { glob } from 'node:fs/promises';
import { FnError } from '../../base/error.ts';
import { isFolder } from '../../base/path-kind.ts';
import type { Resolved } from '../../base/setting.ts';
import { entryModules } from '../project/entry-modules.ts';
import type { InstallPlan } from '../dependencies/app-install.ts';
import { runScript, withDevelopment } from '../dependencies/build-scripts.ts';
import type { MadeModules } from '../dependencies/made-modules.ts';
import type { ManagerProgram } from '../managers/program.ts';
import { cannotCompile, compile, outputsOf } from './compile.ts';
import { APISIX, type Config } from '../config/function.ts';
import { BUILD_SCRIPT, type Compiler, type Making, type Scripts } from './making.ts';
import { madeSource } from './made-source.ts';
import { putLinks, removeLeftovers } from './output-folder.ts';
import type { NamedModule } from './named-module.ts';
import type { Tsconfig } from './tsconfig.ts';

/** What came of it. */
export interface Made {
  /** The function's source as it is then: the JavaScript that was made of it. */
  readonly source: Resolved<string>;
  /** What scripts made below node_modules. */
  readonly modules: MadeModules | undefined;
}

/** Makes what is to be made. */
export async function make(
  plan: InstallPlan,
  making: Making,
  { source, signatureType }: Pick<Config, 'source' | 'signatureType'>,
): Promise<Made> {
  const { scripts, compiler, output } = making;
  const { appDir } = plan.context;
  const compilation = compiler && { ...compiler, tsconfig: tsconfigOf(compiler) };
  let made: string | undefined;
  const modules = await withDevelopment(plan, async (program) => {
    if (scripts !== undefined) await runScripts(plan, program, scripts);
    if (compilation !== undefined) made = await runCompiler(plan, program, compilation);
  });
  if (output !== undefined && (await entryModules(output.path, signatureType.value)).length === 0)
    throw await notMade(appDir, output, signatureType.value);
  return { source: made === undefined ? source : { ...source, value: made }, modules };
}

async function runScripts(plan: InstallPlan, program: ManagerProgram, { why, folders }: Scripts): Promise<void> {
  plan.log.info(`Build script: ${BUILD_SCRIPT}, because ${why}`);
  for (const folder of folders) await runScript(plan, program, { name: BUILD_SCRIPT, folder });
}

async function runCompiler(
  { context, log, node }: InstallPlan,
  program: ManagerProgram,
  { why, tsconfig, inputs }: Compiler & { readonly tsconfig: Tsconfig },
): Promise<string | undefined> {
  const { appDir } = context;
  log.info(`TypeScript: compiling, because ${why}`);
  const env = { ...(await node.environment()), ...program.env };
  const emitted = await compile({ appDir, tsconfig, env, log });
  if (inputs === undefined) return undefined;
  const made = await outputsOf(emitted);
  const { path, links } = await madeSource({ appDir, tsconfig: tsconfig.path, inputs, made });
  if (inputs.folder === undefined) return path;
  const leftovers = await removeLeftovers(path, { emitted, made });
  if (leftovers.length > 0) {
    const names = leftovers.map((each) => relative(appDir, each)).join(', ');
    log.warn(`Left out of the image, because the compiler does not make it of what is there now: ${names}`);
  }
  await putLinks(links);
  return path;
}

function tsconfigOf({ tsconfig }: Compiler): Tsconfig {
  if (tsconfig !== undefined) return tsconfig;
  const hint = 'Run "npx tsc --init" in the project, and commit tsconfig.json.';
  throw cannotCompile('there is no tsconfig.json that says how', hint);
}

async function notMade(appDir: string, { path, by }: NamedModule, signatureType: string): Promise<FnError> {
  const wanted = relative(appDir, path);
  const other = signatureType === APISIX ? await folderIn(path) : await likelyModule(appDir, wanted);
  const hint =
    other === undefined
      ? `Let the build write it there ("outDir" of tsconfig.json), or correct ${by}.`
      : `There is ${relative(appDir, other)}: name that, or set "rootDir" in tsconfig.json to the folder of the sources.`;
  const lacks = isFolder(path) ? "Couldn't find a module in" : "Couldn't find";
  return new FnError(`${lacks} ${wanted}, which ${by} names: the build has not made it.`, {
    code: 'OFN-FUNC-SOURCE',
    hint,
  });
}

/** With a file of the name among what was made, it is most likely that one: a compiler keeps folders of sources. */
async function likelyModule(appDir: string, wanted: string): Promise<string | undefined> {
  const [folder = ''] = wanted.split('/');
  const name = basename(wanted, extname(wanted));
  return first(join(appDir, folder), `**/${name}.{js,cjs,mjs}`);
}

/** Of plugins it is a folder below the one that is named. */
async function folderIn(path: string): Promise<string | undefined> {
  const found = await first(path, '**/*.{js,cjs,mjs}');
  return found && dirname(found);
}

async function first(folder: string, pattern: string): Promise<string | undefined> {
  const found: string[] = [];
  for await (const file of glob(pattern, { cwd: folder })) found.push(join(folder, file));
  return found.toSorted()[0];
}
