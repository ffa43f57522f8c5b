import { stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { usesEngine, type EngineChoice } from './engine.ts';
import { readVariables } from './build-request.ts';
import { findHome } from './home.ts';
import { labelsOfImage, labelsOfLayout, type Labels } from './image-labels.ts';
import { differenceOf, renderDifference, type Explained } from './image-difference.ts';
import { LAYERS_LABEL, layersIn } from './image-layers.ts';
import { readPlan, renderPlan } from './plan-report.ts';
import type { Terminal } from './terminal.ts';

/** The options of `ofn explain`. */
export interface ExplainOptions {
  readonly env: readonly string[];
  readonly engine: EngineChoice;
  readonly json: boolean;
  /** Another image to compare with. */
  readonly against?: string;
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
  const { against, json } = options;
  const explained = await explainedIn(what, options, terminal, planOfFolder);
  if (against === undefined) return show(explained.plan, json, renderPlan, terminal);
  const other = await explainedIn(against, options, terminal, planOfFolder);
  return show(differenceOf(other, explained), json, renderDifference, terminal);
}

function show<T>(value: T, json: boolean, render: (value: T) => string, { stdout }: Terminal): number {
  stdout.write(json ? `${JSON.stringify(value, null, 2)}\n` : render(value));
  return 0;
}

/** The plan and the layers of an image, or the plan that the build of a folder would make. */
async function explainedIn(
  what: string,
  options: ExplainOptions,
  terminal: Terminal,
  planOfFolder: PlanOfFolder,
): Promise<Explained> {
  const labels = await labelsOf(what, options, terminal, planOfFolder);
  return { plan: readPlan(labels[PLAN_LABEL], what), layers: layersIn(labels[LAYERS_LABEL]) };
}

async function labelsOf(
  what: string,
  { env, engine }: ExplainOptions,
  terminal: Terminal,
  planOfFolder: PlanOfFolder,
): Promise<Labels> {
  const folder = resolve(terminal.cwd, what);
  if (await isAt(folder, 'isDirectory')) {
    if (await isAt(join(folder, 'index.json'), 'isFile')) return labelsOfLayout(folder, terminal);
    return { [PLAN_LABEL]: await planOfFolder(folder, readVariables(env)) };
  }
  const withEngine = await usesEngine(engine, terminal);
  return labelsOfImage(what, { withEngine, home: findHome(terminal.env) }, terminal);
}

/** The label that the buildpack gives images: docs/build.md. */
const PLAN_LABEL = 'io.openfunction.plan';

async function isAt(path: string, kind: 'isDirectory' | 'isFile'): Promise<boolean> {
  return (await stat(path).catch(() => undefined))?.[kind]() === true;
}
