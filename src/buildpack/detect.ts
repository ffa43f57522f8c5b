import { readdir } from 'node:fs/promises';
import { basename, dirname, join, relative } from 'node:path';
import type { DetectContext } from '../libcnb/context.ts';
import type { DetectResult } from '../libcnb/phase.ts';
import { describeLoss } from './config/lost-variables.ts';
import { findRequests } from './node/sources.ts';
import { readProject, readVariables } from './project/project.ts';

const SOURCE_FILE = /\.[cm]?[jt]s$/;

/** Passes when the project has JavaScript or TypeScript and names a function. */
export async function detect(context: DetectContext): Promise<DetectResult> {
  const { appDir, userEnv } = context;
  const { commandLine, config, packageJson, projectDir, sources, warnings } = await readProject(
    appDir,
    await readVariables(context),
  );
  if (config.target.value === '' && commandLine === undefined)
    return { pass: false, reason: [NO_FUNCTION, ...describeLoss(appDir, userEnv), ...warnings].join('\n') };
  const source = config.source.value;
  const way = relative(appDir, source);
  if (packageJson === undefined && !(await hasSource(appDir)) && (way === '' || !(await isSource(source)))) {
    return { pass: false, reason: noSource(way) };
  }
  const { request } = await findRequests({ appDir, projectDir, sources, packageJson });
  // In the words of Paketo's buildpacks, so that they can be put before this one.
  const version = request === undefined ? {} : { version: request.range, 'version-source': request.source };
  const provides = ['node', 'node_modules', 'functions-framework'];
  const requires = provides.map((name) => ({ name, metadata: { launch: true, ...(name === 'node' ? version : {}) } }));
  return { pass: true, plan: { provides, requires } };
}

const NO_FUNCTION =
  'No function is named: set FUNC_NAME (or FUNCTION_TARGET) to the exported function, or put {"openfunction": {"name": "..."}} into package.json, or [openfunction] with name = "..." into func.toml.';

function noSource(source: string): string {
  const nor = source === '' ? '' : `, and ${source} is no such file and no folder with one`;
  return `A function is named, but there is neither a package.json nor a JavaScript or TypeScript file in the app's folder, its src or its dist${nor}.`;
}

/** Whether a folder, or src or dist in it, has JavaScript or TypeScript. */
async function hasSource(folder: string): Promise<boolean> {
  const names = await Promise.all([folder, join(folder, 'src'), join(folder, 'dist')].map(namesIn));
  return names.flat().some((name) => SOURCE_FILE.test(name));
}

/** Whether `path` is a module, with or without its suffix, or a folder with one. */
async function isSource(path: string): Promise<boolean> {
  if ((await hasSource(path)) || (await namesIn(path)).includes('package.json')) return true;
  const name = basename(path);
  const beside = (await namesIn(dirname(path))).filter((file) => SOURCE_FILE.test(file));
  return beside.some((file) => file === name || file.replace(SOURCE_FILE, '') === name);
}

async function namesIn(folder: string): Promise<string[]> {
  return readdir(folder).catch((): string[] => []);
}
