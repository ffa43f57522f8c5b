import { OK, type Outcome } from './answer.ts';
import { renderIdentity } from './dialect.ts';
import { identityBy, outcomeOf, statusBy, type KeelHooks } from './hooks.ts';
import type { Identity } from './identity.ts';
import { judgeAddons, NO_ADDONS, readAddonsIdentify, readTenantBind } from './requests.ts';
import type { PluginSettings } from './settings.ts';
import type { Status } from './status.ts';

/** What endpoints answer by. */
export interface EndpointOptions {
  readonly settings: PluginSettings;
  /** What the function has a say in, once it is loaded. */
  readonly hooks: () => KeelHooks;
  /** How the process is. */
  readonly status: () => Status;
}

/** What a path answers. */
export interface Endpoint {
  readonly method: 'GET' | 'POST';
  /** Gets the value of the body; Malformed when that is not as it has to be. */
  readonly handle: (value: unknown) => Promise<Handled>;
}

/** An outcome, and the fields beside it. */
interface Handled {
  readonly outcome: Outcome;
  readonly fields?: Readonly<Record<string, unknown>>;
}

/** The endpoints of Keel's proposal by their paths, and those that tkeel 0.1.0 has beside them in its dialect. */
export function endpointsOf({ settings, hooks, status }: EndpointOptions): Map<string, Endpoint> {
  const identity = (): Promise<Identity> => identityBy(hooks(), settings);
  const identify = async (): Promise<Handled> => ({
    outcome: OK,
    fields: renderIdentity(await identity(), settings.dialect),
  });
  const tellStatus = async (): Promise<Handled> => {
    const own = status();
    return { outcome: OK, fields: { status: own === 'ACTIVE' ? await statusBy(hooks()) : own } };
  };
  const identifyAddons = async (value: unknown): Promise<Handled> => {
    const { addons } = await identity();
    if (addons.length === 0) return { outcome: NO_ADDONS };
    const request = readAddonsIdentify(value);
    const outcome = judgeAddons(request, addons);
    return outcome.ret === 0
      ? { outcome: outcomeOf(await hooks().addonsIdentify?.(request), 'addonsIdentify') }
      : { outcome };
  };
  const bindTenant = async (value: unknown): Promise<Handled> => ({
    outcome: outcomeOf(await hooks().tenantBind?.(readTenantBind(value)), 'tenantBind'),
  });
  const endpoints = new Map<string, Endpoint>([
    ['/v1/identify', { method: 'GET', handle: identify }],
    ['/v1/status', { method: 'GET', handle: tellStatus }],
    ['/v1/addons/identify', { method: 'POST', handle: identifyAddons }],
  ]);
  if (settings.dialect === 'v0.1.0') endpoints.set('/v1/tenant/bind', { method: 'POST', handle: bindTenant });
  return endpoints;
}
