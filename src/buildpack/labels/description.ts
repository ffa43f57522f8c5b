import type { Resolved } from '../../base/setting.ts';
import { isTable, type Table } from '../../base/table.ts';
import { describeChange } from '../config/setting.ts';
import type { Sources } from '../config/sources.ts';
import type { Decision } from '../decision.ts';
import type { PackageJson } from '../project/package-json.ts';
import { withoutCredentials } from '../sbom/bill.ts';
import { licenseOf } from '../sbom/license.ts';
import { textOf } from '../sbom/locks/locked.ts';
import { LABEL_SETTINGS, OCI_SETTINGS } from './settings.ts';

/** What describes an image. */
export interface Description {
  readonly sources: Sources;
  readonly packageJson: PackageJson | undefined;
  /** What is said where neither a variable nor package.json does. */
  readonly otherwise: Otherwise;
}

/** A title and a description that an image has in any case: else it would have those of the run image. */
export interface Otherwise {
  readonly title: string;
  readonly description: string;
}

/** Of an image with an application. */
export const OF_APPLICATION: Otherwise = { title: 'application', description: 'A Node.js application' };

/** Of an image with functions. */
export function ofFunctions(functions: readonly { readonly name: string }[]): Otherwise {
  const names = functions.map(({ name }) => name).join(',');
  return { title: names, description: `The Node.js function ${names}` };
}

/** What an image is, who made it, and what else its user wants to be told. */
export function describingLabels(description: Description): Record<string, string> {
  const { sources } = description;
  const told = describe(description).map(([name, { value }]) => [labelOf(name), value]);
  return { ...Object.fromEntries(told), ...sources.labels, ...sources.read(LABEL_SETTINGS.labels).value };
}

/** What says each of those that OCI names, for the plan. */
export function describingDecisions(description: Description): readonly Decision[] {
  const { sources } = description;
  const told = new Map(describe(description).map(([name, said]) => [labelOf(name), said]));
  const overTold = [
    [sources.labels, '"labels" in func.toml or package.json'],
    [sources.read(LABEL_SETTINGS.labels).value, sources.read(LABEL_SETTINGS.labels).source],
  ] as const;
  for (const [labels, source] of overTold) {
    for (const [label, value] of Object.entries(labels)) told.set(label, { value, source });
  }
  return Object.entries(OCI_SETTINGS).flatMap(([name, setting]) => {
    const inFile = IN_PACKAGE_JSON[name];
    const said = told.get(labelOf(name)) ?? (inFile && { value: '', source: 'default' });
    if (said === undefined) return [];
    const change = [describeChange(setting), ...(inFile === undefined ? [] : [quoted(inFile.key)])].join(', ');
    return { subject: setting.subject, value: said.value || 'none', source: said.source, change };
  });
}

function labelOf(name: string): string {
  return `org.opencontainers.image.${name}`;
}

function quoted(key: string): string {
  return `"${key}" in package.json`;
}

/** What is said, and who says it. */
function describe({ sources, packageJson, otherwise }: Description): readonly (readonly [string, Resolved<string>])[] {
  const ours: Readonly<Record<string, string | undefined>> = { ...otherwise, source: '' };
  return Object.entries(OCI_SETTINGS).flatMap(([name, setting]) => {
    const set = sources.read(setting);
    if (set.value !== '') return [[name, set] as const];
    const inFile = IN_PACKAGE_JSON[name];
    const text = inFile?.read(packageJson?.raw ?? {});
    if (inFile !== undefined && text !== undefined)
      return [[name, { value: text, source: quoted(inFile.key) }] as const];
    const value = ours[name];
    return value === undefined ? [] : [[name, { value, source: 'default' }] as const];
  });
}

interface InFile {
  readonly key: string;
  readonly read: (manifest: Table) => string | undefined;
}

/** What package.json says of an app, in the words of labels. */
const IN_PACKAGE_JSON: Readonly<Partial<Record<string, InFile>>> = {
  title: { key: 'name', read: ({ name }) => textOf(name) },
  description: {
    key: 'description',
    read: ({ description }) => textOf(description)?.replaceAll(/[\p{Cc}\s]+/gu, ' '),
  },
  version: { key: 'version', read: ({ version }) => textOf(version) },
  licenses: { key: 'license', read: licenseOf },
  authors: { key: 'author', read: ({ author }) => personOf(author) },
  url: { key: 'homepage', read: ({ homepage }) => withoutCredentials(textOf(homepage)) },
  source: { key: 'repository', read: ({ repository }) => repositoryOf(repository) },
};

/** A person as npm has them: a text, or a table: https://docs.npmjs.com/cli/configuring-npm/package-json#people-fields-author-contributors */
function personOf(value: unknown): string | undefined {
  if (!isTable(value)) return textOf(value);
  const mail = textOf(value['email']);
  const parts = [textOf(value['name']), mail === undefined ? undefined : `<${mail}>`].filter(
    (part) => part !== undefined,
  );
  return parts.length === 0 ? undefined : parts.join(' ');
}

/** A repository's address: `owner/name` is one of GitHub's. */
function repositoryOf(value: unknown): string | undefined {
  const text = textOf(isTable(value) ? value['url'] : value);
  if (text === undefined) return undefined;
  if (/^(?:github:)?[\w.-]+\/[\w.-]+$/.test(text)) return `https://github.com/${text.replace('github:', '')}`;
  const address = withoutCredentials(text.replace(/^git\+/, '').replace(/\.git$/, ''));
  return address?.replace(/^(?:ssh|git):\/\//, 'https://');
}
