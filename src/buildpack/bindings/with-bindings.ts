import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Log } from '../../base/log.ts';
import { readBindings } from '../../libcnb/binding.ts';
import type { BuildContext } from '../../libcnb/context.ts';
import { readTextIfPresent } from '../json-file.ts';
import { trustCertificates } from './certificates.ts';
import { readRegistrySettings, settleIn } from './registry-settings.ts';
import { hiding, hidingError, hidingLog } from './secrets.ts';

/** Settings of package managers at the app's root that may hold a token. */
const OWN_SETTINGS = ['.npmrc', '.yarnrc', '.yarnrc.yml', 'bunfig.toml'];

/**
 * Builds with what the platform's service bindings give: certificates to trust, and settings of registries. They are
 * outside of the app and the layers, and gone when `build` has ended; nothing that is printed has the secrets in it.
 */
export async function withBindings<T>(
  context: BuildContext,
  log: Log,
  build: (context: BuildContext, log: Log) => Promise<T>,
): Promise<T> {
  const { appDir, platformDir, env } = context;
  const bindings = await readBindings(platformDir, env);
  const settings = await readRegistrySettings(bindings);
  const own = await Promise.all(OWN_SETTINGS.map((name) => readTextIfPresent(join(appDir, name), 'OFN-CONFIG')));
  const hide = hiding(env, [...settings.values(), ...own.filter((text) => text !== undefined)]);
  const folder = await mkdtemp(join(tmpdir(), 'ofn-bindings-'));
  try {
    const certificates = await trustCertificates(bindings, folder);
    const home = await settleIn(join(folder, 'home'), settings, env);
    for (const { name, type } of bindings) log.debug(`Service binding "${name}" of type "${type}"`);
    return await build({ ...context, env: { ...env, ...certificates, ...home } }, hidingLog(log, hide));
  } catch (error) {
    throw hidingError(error, hide);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
