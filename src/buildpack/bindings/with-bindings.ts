import { glob } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import type { Log } from '../../base/log.ts';
import { withScratch } from '../../base/scratch.ts';
import type { Environment } from '../../base/setting.ts';
import { readBindings } from '../../libcnb/binding.ts';
import { readTextIfPresent } from '../project/json-file.ts';
import { trustCertificates } from './certificates.ts';
import { readRegistrySettings, settleIn, withReferences } from './registry-settings.ts';
import { secretsOfBindings } from './binding-secrets.ts';
import { hiding, hidingError, hidingLog, secretsIn } from './secrets.ts';
import { isNotOfApp } from '../project/own-folders.ts';
import { REGISTRY_FILES } from '../project/registry-files.ts';

/** Settings of package managers that may hold a token, of the app and of projects in folders of it. */
const APP_SETTINGS = ['', '*/', '*/*/'].map((folder) => `${folder}{${[...REGISTRY_FILES].join(',')}}`);

/** What a build with bindings needs to know. */
export interface BoundBuild {
  readonly appDir: string;
  readonly platformDir: string;
  /** The variables of the build. */
  readonly env: Environment;
}

/** What a build with bindings runs with. */
export interface Bound {
  readonly env: Environment;
  /** Its lines have no secrets. */
  readonly log: Log;
  /** Those that are known. */
  readonly secrets: readonly string[];
}

/**
 * Builds with what the platform's service bindings give: certificates to trust, and settings of registries. They are
 * outside of the app and the layers, and gone when `build` has ended; nothing that is printed has the secrets in it.
 */
export async function withBindings<T>(
  { appDir, platformDir, env }: BoundBuild,
  log: Log,
  build: (bound: Bound) => Promise<T>,
): Promise<T> {
  const bindings = await readBindings(platformDir, env);
  const bound = await readRegistrySettings(bindings);
  const own = await readAppSettings(appDir);
  const inSettings = secretsIn(env, [...bound.values(), ...own.values()]);
  const secrets = [...inSettings, ...(await secretsOfBindings(bindings))];
  const hide = hiding(secrets);
  const appNpmrcs = [...own].filter(([path]) => basename(path) === '.npmrc').map(([, text]) => text);
  const ownNpmrc = (await readTextIfPresent(join(env['HOME'] ?? '/', '.npmrc'), 'OFN-CONFIG')) ?? '';
  const settings = withReferences(bound, { appNpmrcs, ownNpmrc });
  return withScratch(tmpdir(), 'ofn-bindings', async (folder) => {
    try {
      const certificates = await trustCertificates(bindings, folder);
      const home = await settleIn(join(folder, 'home'), settings, env);
      for (const { name, type } of bindings) log.debug(`Service binding "${name}" of type "${type}"`);
      return await build({ env: { ...env, ...certificates, ...home }, log: hidingLog(log, hide), secrets });
    } catch (error) {
      throw hidingError(error, hide);
    }
  });
}

async function readAppSettings(appDir: string): Promise<ReadonlyMap<string, string>> {
  const texts = new Map<string, string>();
  for await (const path of glob(APP_SETTINGS, { cwd: appDir, exclude: isNotOfApp })) {
    texts.set(path, (await readTextIfPresent(join(appDir, path), 'OFN-CONFIG')) ?? '');
  }
  return texts;
}
