import { createClient, type KeelClient } from './client.ts';
import { installedTransport } from './process-transport.ts';

export type { Outcome } from './answer.ts';
export type { KeelCall, KeelClient } from './client.ts';
export type { HookOutcome, IdentityChanges, KeelHooks } from './hooks.ts';
export type { Addon, AddonEndpoint, Identity, MainPlugin } from './identity.ts';
export { KeelError } from './keel-error.ts';
export type { AddonsIdentifyRequest, TenantBindRequest } from './requests.ts';
export type { RemoteStatus, Status } from './status.ts';

/** Calls an endpoint of another plugin, or of the platform. */
export const callPlugin: KeelClient['callPlugin'] = async (...args) => client().callPlugin(...args);

/** Calls what other plugins have registered at an extension point of this one. */
export const callAddon: KeelClient['callAddon'] = async (...args) => client().callAddon(...args);

/** Asks a plugin who it is. */
export const identify: KeelClient['identify'] = async (...args) => client().identify(...args);

/** Asks a plugin how it is. */
export const status: KeelClient['status'] = async (...args) => client().status(...args);

/** Of this copy, so that what it throws is the KeelError that is exported here. */
function client(): KeelClient {
  return createClient(installedTransport());
}
