import { startRegistry, type Registry, type RegistryPackage } from './registry.ts';
import { NPM_CACHE } from './shape.ts';

const TOKEN = 'a-token-of-a-test';

/** A registry of packages of the scope @acme, with what builds need to get at them. */
export interface Acme {
  readonly registry: Registry;
  readonly env: Readonly<Record<string, string>>;
  /** Files of service bindings. */
  readonly bindings: Readonly<Record<string, string>>;
}

/** Starts a registry of the scope @acme, whose packages every package manager gets by service bindings. */
export async function startAcme(packages: readonly RegistryPackage[], host?: string): Promise<Acme> {
  const registry = await startRegistry(TOKEN, packages, host);
  const { url, key, authority } = registry;
  return {
    registry,
    env: { FUNC_NAME: 'hello', FUNC_DEBUG: 'on', npm_config_cache: NPM_CACHE },
    bindings: {
      'npm/type': 'npmrc',
      'npm/.npmrc': `@acme:registry=${url}\n${key}:_authToken=${TOKEN}\n`,
      'yarn/type': 'yarnrc',
      'yarn/.yarnrc.yml': `npmScopes:\n  acme:\n    npmRegistryServer: "${url}"\n    npmAuthToken: "${TOKEN}"\n`,
      'ca/type': 'ca-certificates',
      'ca/acme.pem': authority,
    },
  };
}
