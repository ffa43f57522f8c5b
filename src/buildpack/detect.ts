import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { DetectContext } from '../libcnb/context.ts';
import type { DetectResult } from '../libcnb/phase.ts';
import { readProject } from './project.ts';

const SOURCE_FILE = /\.[cm]?[jt]s$/;

/** Passes when the project has JavaScript or TypeScript and names a function. */
export async function detect({ appDir, env }: DetectContext): Promise<DetectResult> {
  const { config, packageJson } = await readProject(appDir, env);
  if (config === undefined) return { pass: false, reason: NO_FUNCTION };
  if (packageJson === undefined && !(await hasSource(appDir))) return { pass: false, reason: NO_SOURCE };
  const provides = ['node', 'node_modules', 'functions-framework'];
  return { pass: true, plan: { provides, requires: provides.map((name) => ({ name, metadata: { launch: true } })) } };
}

const NO_FUNCTION =
  'No function is named: set FUNC_NAME (or FUNCTION_TARGET) to the exported function, or put {"openfunction": {"name": "..."}} into package.json, or [openfunction] with name = "..." into func.toml.';

const NO_SOURCE = 'A function is named, but there is neither a package.json nor a JavaScript or TypeScript file.';

async function hasSource(appDir: string): Promise<boolean> {
  const folders = [appDir, join(appDir, 'src')];
  const names = await Promise.all(folders.map((folder) => readdir(folder).catch((): string[] => [])));
  return names.flat().some((name) => SOURCE_FILE.test(name));
}
