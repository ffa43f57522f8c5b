import type { Bill, Component } from '../sbom/bill.ts';
import { affects, fixOf, type Advisory } from './advisory.ts';

/** A package that an advisory is about. */
export interface Finding {
  readonly advisory: Advisory;
  readonly name: string;
  readonly version: string;
  /** The next version without it, where one is known. */
  readonly fixed: string | undefined;
  /** The packages through which the app depends on it, the outermost first; without the package itself. */
  readonly through: readonly string[];
}

/** Those of some components of a bill that advisories are about, in their order. */
export function findIn(
  { subject, components }: Bill,
  some: readonly Component[],
  advisories: readonly Advisory[],
): Finding[] {
  const byPackage = Map.groupBy(advisories, ({ packageName }) => packageName);
  const found = some.flatMap((component) =>
    (byPackage.get(component.name) ?? [])
      .filter((advisory) => affects(advisory, component.version))
      .map((advisory) => ({ advisory, component })),
  );
  if (found.length === 0) return [];
  const parents = parentsOf(subject.dependsOn, components);
  return found.map(({ advisory, component: { name, version, purl } }) => {
    return { advisory, name, version, fixed: fixOf(advisory, version), through: pathTo(purl, parents) };
  });
}

/** Who each package was first reached from, on the shortest way from the app; undefined for the app itself. */
function parentsOf(
  direct: readonly string[],
  components: readonly Component[],
): ReadonlyMap<string, Component | undefined> {
  const known = new Map(components.map((component) => [component.purl, component]));
  const parents = new Map<string, Component | undefined>(direct.map((purl) => [purl, undefined]));
  // A map goes on to what is added while it is read.
  for (const purl of parents.keys()) {
    const component = known.get(purl);
    for (const needed of component?.dependsOn ?? []) if (!parents.has(needed)) parents.set(needed, component);
  }
  return parents;
}

function pathTo(purl: string, parents: ReadonlyMap<string, Component | undefined>): string[] {
  const names: string[] = [];
  for (let parent = parents.get(purl); parent !== undefined; parent = parents.get(parent.purl))
    names.unshift(parent.name);
  return names;
}
