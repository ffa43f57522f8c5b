import { changesOf } from '../base/layer-inputs.ts';
import type { ImageLayer } from './image-layers.ts';
import type { Plan, PlannedDecision } from './plan-report.ts';

/** What `ofn explain` knows of an image; of a folder that is not built yet there are no layers. */
export interface Explained {
  readonly plan: Plan;
  readonly layers: readonly ImageLayer[];
}

/** What one image has and another one has not. */
export interface Difference {
  readonly decisions: readonly DecisionDifference[];
  readonly layers: readonly LayerDifference[];
}

interface DecisionDifference {
  readonly subject: string;
  /** Undefined where it was not decided. */
  readonly before: string | undefined;
  readonly after: string | undefined;
  /** What says so in the later one. */
  readonly source: string | undefined;
}

interface LayerDifference {
  readonly name: string;
  readonly change: 'new' | 'gone' | 'changed';
  /** What it was made of that has changed; empty where the images do not tell. */
  readonly because: readonly string[];
}

/** What differs between an image and one before it. Layers are compared where both have some. */
export function differenceOf(before: Explained, after: Explained): Difference {
  const haveLayers = before.layers.length > 0 && after.layers.length > 0;
  const isBuilt = ![before, after].some(({ plan }) => plan.decisions.some(({ open }) => open === true));
  return {
    decisions: pairs(before.plan.decisions, after.plan.decisions, ({ subject }) => subject)
      .filter((pair) => differs(pair, isBuilt))
      .map(({ name, was, is }) => ({ subject: name, before: was?.value, after: is?.value, source: is?.source })),
    layers: haveLayers ? pairs(before.layers, after.layers, ({ name }) => name).flatMap(compareLayers) : [],
  };
}

/** What a folder's plan does not have is decided by a build. */
function differs({ was, is }: Pair<PlannedDecision>, isBuilt: boolean): boolean {
  if (was === undefined || is === undefined) return isBuilt;
  return was.open === true || is.open === true ? was.source !== is.source : was.value !== is.value;
}

/** A line for each decision and each layer that differs. */
export function renderDifference({ decisions, layers }: Difference): string {
  if (decisions.length === 0 && layers.length === 0) return 'Nothing differs.\n';
  const names = [...decisions.map(({ subject }) => subject), ...layers.map(({ name }) => layerTitle(name))];
  const width = Math.max(...names.map(({ length }) => length)) + 2;
  return [
    ...decisions.map(
      ({ subject, before = 'none', after = 'none', source }) =>
        `${subject.padEnd(width)}${before} -> ${after}${source === undefined ? '' : `  (${source})`}\n`,
    ),
    ...layers.map(({ name, change, because }) => {
      const reasons = because.length === 0 ? '' : `  (${because.join(', ')})`;
      return `${layerTitle(name).padEnd(width)}${change}${reasons}\n`;
    }),
  ].join('');
}

function layerTitle(name: string): string {
  return `layer ${name}`;
}

interface Pair<T> {
  readonly name: string;
  readonly was: T | undefined;
  readonly is: T | undefined;
}

function pairs<T extends PlannedDecision | ImageLayer>(
  before: readonly T[],
  after: readonly T[],
  nameOf: (one: T) => string,
): readonly Pair<T>[] {
  const was = new Map(before.map((one) => [nameOf(one), one]));
  const is = new Map(after.map((one) => [nameOf(one), one]));
  return [...new Set([...was.keys(), ...is.keys()])].map((name) => ({ name, was: was.get(name), is: is.get(name) }));
}

function compareLayers({ name, was, is }: Pair<ImageLayer>): readonly LayerDifference[] {
  if (was === undefined) return [{ name, change: 'new', because: [] }];
  if (is === undefined) return [{ name, change: 'gone', because: [] }];
  if (was.digest === is.digest) return [];
  const because = was.inputs === undefined || is.inputs === undefined ? [] : changesOf(was.inputs, is.inputs);
  return [{ name, change: 'changed', because }];
}
