import type { Log } from '../../base/log.ts';
import type { Config } from '../config/function.ts';
import type { PackageJson } from './package-json.ts';
import { BUILD_SCRIPT } from '../typescript/making.ts';

/** Scripts that one platform or another runs in every build, in the order in which they would run. */
const OTHERS_RUN = ['heroku-prebuild', 'gcp-build', 'heroku-build', BUILD_SCRIPT, 'heroku-postbuild'];

/** What decides which scripts run. */
interface Scripts {
  readonly config: Pick<Config, 'scripts'>;
  readonly packageJson: PackageJson | undefined;
  /** Whether something is made for the function, by a script or a compiler. */
  readonly isMaking: boolean;
  /** The program of a package that an application starts: what that needs can't be seen. Undefined for all else. */
  readonly program: string | undefined;
}

/** Tells of scripts that other platforms run by themselves and this build does not: docs/adr/0036. */
export function tellUnrunScripts({ config, packageJson, isMaking, program }: Scripts, log: Log): void {
  if (config.scripts.value.length > 0 || isMaking) return;
  const names = OTHERS_RUN.filter((name) => packageJson?.scripts[name] !== undefined);
  if (names.length === 0) return;
  const said = names.map((name) => `"${name}"`).join(', ');
  const runs = `BP_NODE_RUN_SCRIPTS=${names.join(',')} runs what is meant`;
  if (program === undefined) log.info(`Build scripts: none, nothing needs ${said} of package.json; ${runs}`);
  else log.warn(`No build script ran, and ${program} may need ${said} of package.json: ${runs}.`);
}
