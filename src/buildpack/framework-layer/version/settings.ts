import { validRange } from 'semver';
import { FnError } from '../../../base/error.ts';
import type { BuildSetting } from '../../config/setting.ts';

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

function parseVersion(raw: string, source: string): string {
  const text = raw.trim();
  if (text.toLowerCase() === LATEST) return LATEST;
  if (validRange(text) !== null) return text;
  throw new FnError(`Couldn't use ${source}: "${raw}" is no version of the functions framework.`, {
    code: 'OFN-CONFIG',
    hint: `Set ${source} to a version, a range or latest, for example 1.0.0 or ^1.0.0, or leave it out for the one that the builder carries.`,
  });
}
