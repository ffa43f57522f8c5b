import { stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { usesEngine, type EngineChoice } from './engine.ts';
import { readVariables } from './build-request.ts';
import { findHome } from './home.ts';
import { labelsOfImage, labelsOfLayout } from './image-labels.ts';
import { readPlan, renderPlan } from './plan-report.ts';
import type { Terminal } from './terminal.ts';

/** The options of `ofn explain`. */
export interface ExplainOptions {
  readonly env: readonly string[];
  readonly engine: EngineChoice;
  readonly json: boolean;
}

/** The plan that a build of a folder would make with these variables, as JSON. */
export type PlanOfFolder = (folder: string, variables: Readonly<Record<string, string>>) => Promise<string>;

/** `ofn explain`: what a build decided, or would decide, who said so and what would change it. */
export async function explain(
  what: string,
  options: ExplainOptions,
  terminal: Terminal,
  planOfFolder: PlanOfFolder,
): Promise<number> {
  const text = await planOf(what, options, terminal, planOfFolder);
  const plan = readPlan(text, what);
  terminal.stdout.write(options.json ? `${JSON.stringify(plan, null, 2)}\n` : renderPlan(plan));
  return 0;
}

async function planOf(
  what: string,
  { env, engine }: ExplainOptions,
  terminal: Terminal,
  planOfFolder: PlanOfFolder,
): Promise<string | undefined> {
  const folder = resolve(terminal.cwd, what);
  if (await isAt(folder, 'isDirectory')) {
    if (await isAt(join(folder, 'index.json'), 'isFile')) return (await labelsOfLayout(folder, terminal))[PLAN_LABEL];
    return planOfFolder(folder, readVariables(env));
  }
  const withEngine = await usesEngine(engine, terminal);
  return (await labelsOfImage(what, { withEngine, home: findHome(terminal.env) }, terminal))[PLAN_LABEL];
}

/** The label that the buildpack gives images: docs/build.md. */
const PLAN_LABEL = 'io.openfunction.plan';

async function isAt(path: string, kind: 'isDirectory' | 'isFile'): Promise<boolean> {
  return (await stat(path).catch(() => undefined))?.[kind]() === true;
}
