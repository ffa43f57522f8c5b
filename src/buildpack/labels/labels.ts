import { MANIFEST_LABEL, type FunctionManifest } from '../../base/function-manifest.ts';
import { isTable, type Table } from '../../base/table.ts';
import type { Sources } from '../config/sources.ts';
import type { PackageJson } from '../package-json.ts';
import { withoutCredentials } from '../sbom/bill.ts';
import { licenseOf } from '../sbom/license.ts';
import { textOf } from '../sbom/locks/locked.ts';
import { LABEL_SETTINGS, OCI_SETTINGS, type OciName } from './settings.ts';

/** What labels are made of. */
export interface LabelParts {
  readonly sources: Sources;
  readonly packageJson: PackageJson | undefined;
  readonly manifest: FunctionManifest;
  /** `process.versions.modules` of the Node.js of the image. */
  readonly abi: string;
}

/** The labels of a function's image; what a variable says wins over package.json. */
export function labelsOf({ sources, packageJson, manifest, abi }: LabelParts): Record<string, string> {
  const names = manifest.functions.map(({ name }) => name).join(',');
  return {
    ...describingLabels(sources, packageJson, { title: names, description: `The Node.js function ${names}` }),
    [MANIFEST_LABEL]: JSON.stringify(manifest),
    'io.openfunction.function.name': names,
    'io.openfunction.function.signature-type': manifest.functions[0]?.signatureType ?? '',
    'io.openfunction.framework.version': manifest.runtime.framework,
    'io.openfunction.node.version': manifest.runtime.node,
    'io.openfunction.node.abi': abi,
  };
}

/** What an image is, who made it, and what else its user wants to be told; `fallback` is in place of a description. */
export function describingLabels(
  sources: Sources,
  packageJson: PackageJson | undefined,
  fallback: { readonly title: string; readonly description: string },
): Record<string, string> {
  // What nobody says would else be said of the run image.
  const described: Readonly<Record<string, string | undefined>> = {
    ...fallback,
    source: '',
    ...descriptionOf(packageJson?.raw ?? {}),
  };
  const told = Object.entries(OCI_SETTINGS).flatMap(([name, setting]) => {
    const value = sources.read(setting).value || described[name];
    return value === undefined ? [] : [[`org.opencontainers.image.${name}`, value]];
  });
  return {
    ...Object.fromEntries(told),
    ...sources.labels,
    ...sources.read(LABEL_SETTINGS.labels).value,
  };
}

/** What package.json says of an app, in the words of labels. */
function descriptionOf(manifest: Table): Readonly<Record<string, string | undefined>> {
  const texts: Partial<Record<OciName, string | undefined>> = {
    title: textOf(manifest['name']),
    description: textOf(manifest['description'])?.replaceAll(/[\p{Cc}\s]+/gu, ' '),
    version: textOf(manifest['version']),
    licenses: licenseOf(manifest),
    authors: personOf(manifest['author']),
    url: withoutCredentials(textOf(manifest['homepage'])),
    source: repositoryOf(manifest['repository']),
  };
  return Object.fromEntries(Object.entries(texts).filter(([, text]) => text !== undefined));
}

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
