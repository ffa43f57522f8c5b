import { validRange } from 'semver';
import { FnError } from '../../../base/error.ts';
import type { Resolved } from '../../../base/setting.ts';
import type { BuildSetting } from '../../config/setting.ts';
import { decisionOf, type Decision } from '../../decision.ts';

/** The word for the newest version that there is. */
export const LATEST = 'latest';

/** The settings of the functions framework in the image. */
export const FRAMEWORK_SETTINGS: { readonly version: BuildSetting<string> } = {
  version: {
    subject: 'functions framework',
    variables: ['FUNC_FRAMEWORK_VERSION'],
    key: 'framework-version',
    help: "the version of the functions framework, a range or `latest`; without it the builder's",
    fallback: '',
    parse: parseVersion,
  },
};

/** The decision that was made of what is wanted, with its outcome in words. */
export function frameworkDecision({ value, source }: Resolved<string>, outcome: string): Decision {
  const said = value === '' ? 'the builder' : `${source} asks for "${value}"`;
  return decisionOf(FRAMEWORK_SETTINGS.version, { value: outcome, source: said });
}

function parseVersion(raw: string, source: string): string {
  const text = raw.trim();
  if (text.toLowerCase() === LATEST) return LATEST;
  if (validRange(text) !== null) return text;
  throw new FnError(`Couldn't use ${source}: "${raw}" is no version of the functions framework.`, {
    code: 'OFN-CONFIG',
    hint: `Set ${source} to a version, a range or latest, for example 1.0.0 or ^1.0.0, or leave it out for the one that the builder carries.`,
  });
}
