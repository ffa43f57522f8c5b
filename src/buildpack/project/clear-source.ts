import { glob, rm } from 'node:fs/promises';
import { dirname, join, relative, sep } from 'node:path';
import { isOfPackages } from '../../base/inside.ts';
import { moduleAt } from '../../base/module-entry.ts';
import { APISIX } from '../config/function.ts';
import { parseSwitch } from '../config/parse.ts';
import type { BuildSetting } from '../config/setting.ts';
import { isTaken } from '../dependencies/node-modules.ts';
import type { Prepared } from '../prepare.ts';
import { entryModules } from './entry-modules.ts';

/** The setting of what the image has besides what is served. */
export const SOURCE_SETTINGS: { readonly clear: BuildSetting<boolean> } = {
  clear: {
    subject: 'clearing of sources',
    variables: ['FUNC_CLEAR_SOURCE'],
    key: 'clear-source',
    help: '`on` leaves TypeScript and the folder `src` out of the image of a function that was compiled into another folder',
    fallback: false,
    parse: parseSwitch,
  },
};

const SOURCES = 'src';
const TYPESCRIPT = /\.[cm]?tsx?$/;

/**
 * Removes the sources of a function that is served from what was made of them. The boot check comes after it, and shows
 * whether the rest stands alone; where nothing can show it, nothing is removed.
 */
export async function clearSource(prepared: Prepared): Promise<void> {
  const { projectDir, sources, log } = prepared;
  const { value, source } = sources.read(SOURCE_SETTINGS.clear);
  if (!value) return;
  const kept = await reasonToKeep(prepared);
  if (kept !== undefined) return log.warn(`${source} removes nothing: ${kept}`);
  // What is taken over is without them.
  if (prepared.earlier !== undefined) return;
  const removed = await removeSources(projectDir, pluginsOf(prepared));
  log.info(`Sources left out of the image: ${removed.length === 0 ? 'there are none' : removed.join(', ')}`);
}

async function reasonToKeep({ config, context, projectDir }: Prepared): Promise<string | undefined> {
  if (config.target.value === '') return 'the build does not start applications, so it can not tell what they need.';
  if (!config.check.value) return `${config.check.source} leaves it open what the function needs.`;
  const arePlugins = config.signatureType.value === APISIX;
  const modules = await entryModules(config.source.value, config.signatureType.value);
  // That there is none is for the boot check to tell.
  if (modules.length === 0) return 'there is no module to serve.';
  const own = modules.find((path) => isAmongSources(relative(projectDir, path)));
  if (own === undefined) return undefined;
  const path = relative(context.appDir, own);
  return arePlugins
    ? `plugins are loaded from ${path}, which is among their sources. Compile them into a folder such as dist, and name that in FUNC_SRC.`
    : `the function is served from ${path}, which is among its sources. Compile it into a folder such as dist, and name the file there in "main" of package.json.`;
}

/** Whether a module of a project, by its relative path, is no more than is written: TypeScript, in src, or beside package.json. */
function isAmongSources(path: string): boolean {
  const folders = dirname(path).split(sep);
  return TYPESCRIPT.test(path) || folders[0] === '.' || folders.includes(SOURCES);
}

/** Plugins are loaded at launch, from where they are. */
function pluginsOf({ config }: Prepared): string {
  const source = config.source.value;
  const module = moduleAt(source);
  return join(module === source ? dirname(source) : source, 'plugins');
}

/** Gives the folder and the files that were removed, sorted. */
async function removeSources(projectDir: string, plugins: string): Promise<string[]> {
  const removed: string[] = [];
  const folder = join(projectDir, SOURCES);
  if (await isTaken(folder)) removed.push(SOURCES);
  await rm(folder, { recursive: true, force: true });
  const isLeft = (path: string): boolean => isOfPackages(path) || join(projectDir, path) === plugins;
  for await (const path of glob('**/*.{ts,tsx,mts,cts}', { cwd: projectDir, exclude: isLeft })) removed.push(path);
  for (const path of removed) await rm(join(projectDir, path), { recursive: true, force: true });
  return removed.toSorted();
}
