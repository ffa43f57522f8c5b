import { basename, extname, join, relative } from 'node:path';
import { glob } from 'node:fs/promises';
import { FnError } from '../../base/error.ts';
import type { Resolved } from '../../base/setting.ts';
import { moduleAt } from '../../base/module-entry.ts';
import type { InstallPlan } from '../dependencies/app-install.ts';
import { runScript, withDevelopment } from '../dependencies/build-scripts.ts';
import type { MadeModules } from '../dependencies/made-modules.ts';
import type { ManagerProgram } from '../managers/program.ts';
import { cannotCompile, compile, outputOf } from './compile.ts';
import { BUILD_SCRIPT, type Compiler, type Making, type Scripts } from './making.ts';
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
export async function make(plan: InstallPlan, making: Making, source: Resolved<string>): Promise<Made> {
  const { scripts, compiler, output } = making;
  const { appDir } = plan.context;
  const compilation = compiler && { ...compiler, tsconfig: tsconfigOf(compiler) };
  let made: string | undefined;
  const modules = await withDevelopment(plan, async (program) => {
    if (scripts !== undefined) await runScripts(plan, program, scripts);
    if (compilation !== undefined) made = await runCompiler(plan, program, compilation);
  });
  if (output !== undefined && moduleAt(output.path) === undefined) throw await notMade(appDir, output);
  return { source: made === undefined ? source : { ...source, value: made }, modules };
}

async function runScripts(plan: InstallPlan, program: ManagerProgram, { why, folders }: Scripts): Promise<void> {
  plan.log.info(`Build script: ${BUILD_SCRIPT}, because ${why}`);
  for (const folder of folders) await runScript(plan, program, { name: BUILD_SCRIPT, folder });
}

async function runCompiler(
  { context, log, node }: InstallPlan,
  program: ManagerProgram,
  { why, tsconfig, input }: Compiler & { readonly tsconfig: Tsconfig },
): Promise<string | undefined> {
  const { appDir } = context;
  log.info(`TypeScript: compiling, because ${why}`);
  const env = { ...(await node.environment()), ...program.env };
  const emitted = await compile({ appDir, tsconfig, env, log });
  if (input === undefined) return undefined;
  const made = await outputOf(input, emitted);
  if (made !== undefined) return made;
  throw cannotCompile(
    `the compiler makes nothing of ${relative(appDir, input)}`,
    `Let "include" or "files" of ${relative(appDir, tsconfig.path)} have it.`,
  );
}

function tsconfigOf({ tsconfig }: Compiler): Tsconfig {
  if (tsconfig !== undefined) return tsconfig;
  const hint = 'Run "npx tsc --init" in the project, and commit tsconfig.json.';
  throw cannotCompile('there is no tsconfig.json that says how', hint);
}

/** With a file of the name among what was made, it is most likely that one: a compiler keeps folders of sources. */
async function notMade(appDir: string, { path, by }: NamedModule): Promise<FnError> {
  const wanted = relative(appDir, path);
  const [folder = ''] = wanted.split('/');
  const name = basename(wanted, extname(wanted));
  const found: string[] = [];
  for await (const file of glob(`**/${name}.{js,cjs,mjs}`, { cwd: join(appDir, folder) }))
    found.push(join(folder, file));
  const [other] = found.toSorted();
  const hint =
    other === undefined
      ? `Let the build write it there ("outDir" of tsconfig.json), or correct ${by}.`
      : `There is ${other}: name that, or set "rootDir" in tsconfig.json to the folder of the sources.`;
  return new FnError(`Couldn't find ${wanted}, which ${by} names: the build has not made it.`, {
    code: 'OFN-FUNC-SOURCE',
    hint,
  });
}
