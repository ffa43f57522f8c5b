import { join } from 'node:path';
import { FnError } from '../../base/error.ts';
import { readTextIfPresent } from '../project/json-file.ts';
import type { PackageJson } from '../project/package-json.ts';
import type { CommandLine } from '../launch/program-command.ts';
import type { BuildSetting } from './setting.ts';
import type { Sources } from './sources.ts';

/** The settings of applications that are no functions. */
export const APPLICATION_SETTINGS: { readonly entrypoint: BuildSetting<string> } = {
  entrypoint: {
    subject: 'command',
    variables: ['FUNC_ENTRYPOINT'],
    key: 'entrypoint',
    help: 'the command of an [application](#applications), where no function is named',
    fallback: '',
    parse: (raw) => raw,
  },
};

/** The command of an application that is no function; undefined where the project has none. */
export async function findCommandLine(
  appDir: string,
  sources: Sources,
  packageJson: PackageJson | undefined,
): Promise<CommandLine | undefined> {
  const { value, source } = sources.read(APPLICATION_SETTINGS.entrypoint);
  if (value !== '') return { text: value, source };
  const procfile = await readTextIfPresent(join(appDir, 'Procfile'), 'OFN-CONFIG');
  if (procfile !== undefined) return { text: webOf(procfile), source: 'Procfile' };
  const start = packageJson?.scripts['start'];
  return start === undefined ? undefined : { text: 'npm start', source: '"start" in scripts of package.json' };
}

/** https://devcenter.heroku.com/articles/procfile */
function webOf(procfile: string): string {
  const [, command] = /^web:[ \t]*(\S.*)$/m.exec(procfile.replaceAll('\r', '')) ?? [];
  if (command !== undefined) return command.trim();
  throw new FnError('Couldn\'t use Procfile: it has no process "web".', {
    code: 'OFN-CONFIG',
    hint: 'Add a line such as "web: node server.js", or name the function with FUNC_NAME.',
  });
}
