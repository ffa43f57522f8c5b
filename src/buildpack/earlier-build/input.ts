import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { byCodeUnits } from '../../base/order.ts';
import { digestOfFiles, isRead, readAppFiles, type AppFiles } from '../app-files/app-files.ts';
import type { BuildContext } from '../../libcnb/context.ts';
import type { BuildPlan } from '../build-plan.ts';
import { nodeModulesIn } from '../dependencies/node-modules.ts';
import type { Dependencies } from '../dependencies/dependencies.ts';
import type { FrameworkLayer } from '../framework-layer/framework-layer.ts';
import { FRAMEWORK } from '../framework-layer/framework-names.ts';
import { isLeftOut } from '../project/left-out.ts';
import type { NodeRuntime } from '../node/runtime.ts';
import { recordableVariables } from '../bindings/recordable.ts';
import { readHistory } from './history.ts';

/** All that decides an image with dependencies. */
export interface BuildInput {
  /** SHA-256 of it, in hex. */
  readonly digest: string;
  /** The app's folder as it was given, without what an image does not get. */
  readonly given: AppFiles;
  /** Reads the same as it is now. */
  readonly readNow: () => Promise<AppFiles>;
  /** Whether a path of the app is one that is read, and that an image may have. */
  readonly isOfImage: (path: string) => boolean;
}

/** What reads the input of a build. */
export interface InputRequest extends BuildPlan {
  readonly dependencies: Dependencies;
  /** Whether scripts of the app run, or others that may look at it: they can ask git. */
  readonly runsScripts: boolean;
  readonly framework: Pick<FrameworkLayer, 'digest'>;
  readonly node: Pick<NodeRuntime, 'version' | 'isRunImages'>;
}

/** The programs of the buildpack that decide, relative to it. */
const PROGRAMS: readonly string[] = ['dist/build/index.js', FRAMEWORK.check];
/** Variables of a build image that buildpacks, Node.js and package managers go by. */
const DECIDING = /^(?:BP_|FUNC_|FUNCTION_|NODE_|npm_config_)/;

/**
 * Reads the input of a build before anything is written into the app: every file of the app, the variables, the tools
 * and where it is built. Of secrets, of which an image must not have even a digest, it counts that they are there.
 * Installed packages of the project and its workspaces do not count, for they are made anew; the history of the app, which
 * is left out, does where scripts can ask for it.
 */
export async function readInput(request: InputRequest): Promise<BuildInput> {
  const { builder, config, context, dependencies, framework, node, projectDir, runsScripts } = request;
  const { appDir, layersDir, target } = context;
  const installed = new Set(nodeModulesIn(projectDir, dependencies.folders).map((path) => relative(appDir, path)));
  const all = await readAppFiles(appDir, installed);
  const ofManager = (dependencies.choice.manager.leftOut ?? []).map((name) => relative(appDir, join(projectDir, name)));
  const isOfImage = (path: string): boolean => isRead(path, installed) && !isLeftOut(path, ofManager);
  const tools = await Promise.all(PROGRAMS.map(async (path) => readFile(join(context.buildpackDir, path))));
  const hash = createHash('sha256');
  for (const program of tools) hash.update(createHash('sha256').update(program).digest());
  const parts = [
    digestOfFiles(all),
    variablesOf(context),
    [builder.version, node.version, node.isRunImages, framework.digest, dependencies.key],
    [appDir, layersDir, target ?? {}, config.execEnv.value],
    runsScripts ? await readHistory(appDir) : '',
  ];
  return {
    digest: hash.update(JSON.stringify(parts)).digest('hex'),
    given: new Map([...all].filter(([path]) => isOfImage(path))),
    readNow: async () => readAppFiles(appDir, installed),
    isOfImage,
  };
}

/** Those that the user gave, and those of the build image that decide, in order. */
function variablesOf({ env, userEnv }: Pick<BuildContext, 'env' | 'userEnv'>): readonly unknown[] {
  const deciding = Object.entries(env).filter(([name]) => DECIDING.test(name));
  const recorded = recordableVariables({ ...Object.fromEntries(deciding), ...userEnv });
  return Object.entries(recorded).toSorted(([a], [b]) => byCodeUnits(a, b));
}
