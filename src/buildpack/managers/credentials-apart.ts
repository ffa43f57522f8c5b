import { join } from 'node:path';
import type { Environment } from '../../base/setting.ts';
import { cleanFile, credentialsIn, type AddressCredentials } from '../bindings/address-credentials.ts';
import { readTextIfPresent } from '../project/json-file.ts';
import type { ManagerChoice } from './choose.ts';

/** What a manager is shown, and what its process and git's get besides. */
export interface Shown {
  /** Path relative to the app to text. */
  readonly texts: ReadonlyMap<string, string>;
  readonly env: Environment;
}

const SETTINGS = '.npmrc';

/**
 * What a manager is shown that makes names of addresses, and would write passwords where nobody can take them out:
 * addresses without them. They become settings in .npmrc for the moment, and in git's configuration. `env` is what git
 * has to be asked with already.
 */
export async function credentialsApart(
  appDir: string,
  manifests: readonly string[],
  { lock, manager }: Pick<ManagerChoice, 'lock' | 'manager'>,
  { texts, env }: Shown,
): Promise<Shown> {
  const textOf = async (path: string): Promise<string> =>
    texts.get(path) ?? (await readTextIfPresent(join(appDir, path), 'OFN-CONFIG')) ?? '';
  const shown = new Map(texts);
  const found = new Map<string, AddressCredentials>();
  const files = [...manifests, ...(lock === undefined ? [] : [lock.name]), ...manager.settingsFiles];
  for (const path of files.filter((file) => file !== SETTINGS)) {
    const text = await textOf(path);
    const clean = cleanFile(path, text);
    if (clean === text) continue;
    shown.set(path, clean);
    for (const one of credentialsIn(text)) found.set(one.address, one);
  }
  if (found.size === 0) return { texts, env: {} };
  const credentials = [...found.values()];
  shown.set(SETTINGS, [await textOf(SETTINGS), ...new Set(credentials.map(npmSetting)), ''].join('\n'));
  return { texts: shown, env: gitSettings(credentials, Number(env['GIT_CONFIG_COUNT'] ?? 0)) };
}

/** For what lies beside it alone: the registry may have a token of its own. */
function npmSetting({ url, pair }: AddressCredentials): string {
  const folder = url.host + url.pathname.replace(/[^/]*$/, '');
  return `//${folder}:_auth=${Buffer.from(pair).toString('base64')}`;
}

/** https://git-scm.com/docs/git-config#ENVIRONMENT */
function gitSettings(credentials: readonly AddressCredentials[], first: number): Environment {
  const settings = credentials.flatMap(({ address, url }, index) => [
    [`GIT_CONFIG_KEY_${first + index}`, `url.${address}.insteadOf`],
    [`GIT_CONFIG_VALUE_${first + index}`, url.href],
  ]);
  return { ...Object.fromEntries(settings), GIT_CONFIG_COUNT: `${first + credentials.length}` };
}
