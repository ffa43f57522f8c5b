import { parseList, parseText, type Shape } from '../config/parse.ts';
import type { BuildSetting } from '../config/setting.ts';

/** Whose install scripts run: those that the manager and the project's own settings allow, nobody's, or those of packages. */
export type InstallScripts = 'on' | 'off' | readonly string[];

const NAMES: Shape = {
  pattern: /^ *(?:@[\w.~][\w.~-]*\/)?[\w.~][\w.~-]* *(?:, *(?:@[\w.~][\w.~-]*\/)?[\w.~][\w.~-]* *)*$/,
  allowed: '"on", "off" or names of packages, with commas between them, for example sharp,better-sqlite3',
};

/** The settings of installs. */
export const INSTALL_SETTINGS: { readonly scripts: BuildSetting<InstallScripts> } = {
  scripts: {
    subject: 'install scripts',
    variables: ['BP_INSTALL_SCRIPTS'],
    key: 'install-scripts',
    help: "whose install scripts run: `on` as the package manager has it, `off` nobody's, names of packages theirs alone",
    fallback: 'on',
    parse: (raw, source) => {
      const word = raw.trim().toLowerCase();
      return word === 'on' || word === 'off' ? word : parseList(parseText(raw, source, NAMES));
    },
  },
};
