import { parseSwitch } from '../config/parse.ts';
import type { BuildSetting } from '../config/setting.ts';

/** The settings of bills of materials. */
export const SBOM_SETTINGS: { readonly disabled: BuildSetting<boolean> } = {
  disabled: {
    subject: 'no bills of materials',
    variables: ['BP_DISABLE_SBOM'],
    key: 'disable-sbom',
    help: '`on` builds without [bills of materials](sbom.md)',
    fallback: false,
    parse: parseSwitch,
  },
};
