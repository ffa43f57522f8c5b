import { byCodeUnits } from '../../base/order.ts';

/** Something that an image has, or that its build used. */
export interface Component {
  /** Its package URL, which also names it in `dependsOn`: https://github.com/package-url/purl-spec */
  readonly purl: string;
  readonly kind: 'library' | 'application';
  readonly name: string;
  readonly version: string;
  /** Whether the image has it, or only the build. */
  readonly scope: 'production' | 'development';
  /** As it says itself: an SPDX expression, or a text. */
  readonly license: string | undefined;
  /** Subresource integrity of its archive, such as `sha512-<base64>`; several with blanks between them. */
  readonly integrity: string | undefined;
  /** Where its archive comes from, without credentials. */
  readonly source: string | undefined;
  /** By which name vulnerabilities are filed where package URLs do not do: https://nvd.nist.gov/products/cpe */
  readonly cpe?: string;
  /** Where it stands, relative to what the bill is of, sorted; empty for what the image has not. */
  readonly places: readonly string[];
  /** The package URLs of what it depends on, sorted. */
  readonly dependsOn: readonly string[];
}

/** What a bill is of. */
export interface BillSubject {
  readonly name: string;
  readonly version: string | undefined;
  readonly license: string | undefined;
  /** The package URLs of what it depends on by itself, sorted. */
  readonly dependsOn: readonly string[];
}

/** Bill of materials: what it is of, and components sorted by their package URLs, each once. */
export interface Bill {
  readonly subject: BillSubject;
  readonly components: readonly Component[];
}

/** A bill in order: the same component of several places once, and no mention of what is not in it. */
export function billOf(subject: BillSubject, components: readonly Component[]): Bill {
  const merged = new Map<string, Component>();
  for (const component of components.toSorted((a, b) => byCodeUnits(identityOf(a), identityOf(b)))) {
    const known = merged.get(component.purl);
    merged.set(component.purl, known === undefined ? component : merge(known, component));
  }
  const within = (purls: readonly string[]): string[] => sorted(purls.filter((purl) => merged.has(purl)));
  const inOrder = ({ places, dependsOn, ...component }: Component): Component => ({
    ...component,
    places: sorted(places),
    dependsOn: within(dependsOn),
  });
  return {
    subject: { ...subject, dependsOn: within(subject.dependsOn) },
    components: [...merged.values()].toSorted((a, b) => byCodeUnits(a.purl, b.purl)).map(inOrder),
  };
}

/** The package URL of a package that has its name from npm's registry, or from one like it. */
export function purlOf(name: string, version: string): string {
  const path = name.split('/').map(encodeURIComponent).join('/');
  return `pkg:npm/${path}${version === '' ? '' : `@${encodeURIComponent(version)}`}`;
}

/** An address without the credentials and the query that may hold some. */
export function withoutCredentials(url: string | undefined): string | undefined {
  return url?.replace(/^([a-z+]+:\/\/)[^/@]+@/, '$1').replace(/\?[^#]*/, '');
}

/** All that tells components apart: what comes first when they are merged must not depend on how they were read. */
function identityOf(component: Component): string {
  const { purl, places, dependsOn, ...more } = component;
  const rest = Object.entries(more).toSorted(([a], [b]) => byCodeUnits(a, b));
  return JSON.stringify([purl, sorted(places), sorted(dependsOn), rest]);
}

function merge(one: Component, other: Component): Component {
  return {
    ...one,
    license: one.license ?? other.license,
    integrity: one.integrity ?? other.integrity,
    source: one.source ?? other.source,
    places: [...one.places, ...other.places],
    dependsOn: [...one.dependsOn, ...other.dependsOn],
  };
}

function sorted(texts: readonly string[]): string[] {
  return [...new Set(texts)].toSorted(byCodeUnits);
}
