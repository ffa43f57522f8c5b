import type { Setting } from '../../base/setting.ts';
import { FnError } from '../../base/error.ts';

/** Whether an image gets bills of materials; the variable is Paketo's. */
export const DISABLE_SBOM: Setting<boolean> = {
  variables: ['BP_DISABLE_SBOM'],
  help: '`on` builds without bills of materials',
  fallback: false,
  parse: (raw, source) => {
    if (['on', 'true', '1'].includes(raw.toLowerCase())) return true;
    if (['off', 'false', '0'].includes(raw.toLowerCase())) return false;
    throw new FnError(`Couldn't use ${source}: "${raw}" is neither "on" nor "off".`, {
      code: 'OFN-CONFIG',
      hint: `Set ${source} to "on" or "off", or leave it out.`,
    });
  },
};
