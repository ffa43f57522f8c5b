import { FnError } from '../../base/error.ts';
import type { BuildSetting } from '../config/setting.ts';
import { parseText, type Shape } from '../config/parse.ts';

const TEXT: Shape = {
  pattern: /^[^\p{Cc}]{1,4096}$/u,
  allowed: 'at most 4096 characters, any but line breaks and control characters',
};

/** The labels of an image: https://github.com/opencontainers/image-spec/blob/main/annotations.md */
const OCI_NAMES = {
  title: 'its name, without it that in package.json',
  description: 'what it is, without it as in package.json',
  version: 'its version, without it as in package.json',
  licenses: 'its licence, without it as in package.json',
  authors: 'who made it, without it as in package.json',
  url: 'its page, without it `homepage` of package.json',
  source: 'where its source is, without it `repository` of package.json',
  documentation: 'where its documentation is',
  vendor: 'who distributes it',
  revision: 'the commit it is built from',
  created: 'when it was made, for example 2026-01-01T00:00:00Z',
} as const;

/** One of them. */
type OciName = keyof typeof OCI_NAMES;

/** Prefixes of labels that the lifecycle and this buildpack write. */
const OURS = ['io.buildpacks.', 'io.openfunction.'];

function ociSetting([name, help]: [string, string]): [string, BuildSetting<string>] {
  return [
    name,
    {
      subject: `label org.opencontainers.image.${name}`,
      variables: [`BP_OCI_${name.toUpperCase()}`],
      help: `\`org.opencontainers.image.${name}\`: ${help}`,
      fallback: '',
      parse: (raw, source) => parseText(raw, source, TEXT),
    },
  ];
}

/** The settings of labels; the variables are Paketo's. */
// oxlint-disable-next-line typescript/no-unsafe-type-assertion -- one for each name
export const OCI_SETTINGS = Object.fromEntries(Object.entries(OCI_NAMES).map(ociSetting)) as Readonly<
  Record<OciName, BuildSetting<string>>
>;

/** Further labels. */
export const LABEL_SETTINGS: { readonly labels: BuildSetting<Readonly<Record<string, string>>> } = {
  labels: {
    subject: 'labels',
    variables: ['BP_IMAGE_LABELS'],
    help: 'further labels, for example `team=shop note="two words"`',
    fallback: {},
    parse: parseLabels,
  },
};

/** `name=value name="a value"`, as in a shell. */
function parseLabels(raw: string, source: string): Record<string, string> {
  const labels: Record<string, string> = {};
  const rest = raw.replaceAll(/([^\s=]+)=("[^"]*"|'[^']*'|[^\s"']*)(?=\s|$)/g, (_, name: string, value: string) => {
    labels[name] = value.replace(/^(["'])(.*)\1$/, '$2');
    return '';
  });
  if (rest.trim() !== '') throw invalid(source, `"${rest.trim()}" is not name=value`);
  const taken = Object.keys(labels).find((name) => OURS.some((prefix) => name.startsWith(prefix)));
  if (taken !== undefined) throw invalid(source, `the label ${taken} is written by the build itself`);
  return labels;
}

function invalid(source: string, fault: string): FnError {
  return new FnError(`Couldn't use ${source}: ${fault}.`, {
    code: 'OFN-CONFIG',
    hint: `Set ${source} to labels with blanks between them, for example team=shop note="two words"; none begins with ${OURS.join(' or ')}`,
  });
}
