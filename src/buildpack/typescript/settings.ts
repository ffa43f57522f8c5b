import { parseSwitch } from '../config/parse.ts';
import type { BuildSetting } from '../config/setting.ts';

/** The setting of what is made before the function is looked for. */
export const TYPESCRIPT_SETTINGS: { readonly make: BuildSetting<boolean> } = {
  make: {
    subject: 'TypeScript',
    variables: ['BP_TYPESCRIPT'],
    key: 'typescript',
    help: '`off` neither compiles the function nor runs the script `build` by itself',
    fallback: true,
    parse: parseSwitch,
  },
};
