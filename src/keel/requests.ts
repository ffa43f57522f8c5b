import { Malformed, readEndpoints, tableOf, textOf, type Addon, type AddonEndpoint } from './identity.ts';
import { OK, refused, type Outcome } from './answer.ts';

/** Another plugin asks whether it may extend this one. */
export interface AddonsIdentifyRequest {
  readonly plugin: { readonly id: string; readonly version: string };
  readonly endpoints: readonly AddonEndpoint[];
}

/** A tenant is given the plugin. */
export interface TenantBindRequest {
  readonly tenantId: string;
  /** Undefined when nothing was sent. */
  readonly extra: Buffer | undefined;
}

/** Reads `/v1/addons/identify`; Malformed when a field is not as it has to be. */
export function readAddonsIdentify(value: unknown): AddonsIdentifyRequest {
  const { plugin, endpoint } = tableOf(value, 'the body');
  const { id, version } = tableOf(plugin, '"plugin"');
  return {
    plugin: { id: textOf(id, '"plugin.id"'), version: textOf(version ?? '', '"plugin.version"', true) },
    endpoints: readEndpoints(endpoint),
  };
}

/** Reads `/v1/tenant/bind`; Malformed in the same way. */
export function readTenantBind(value: unknown): TenantBindRequest {
  const { tenant_id: id, extra } = tableOf(value, 'the body');
  const tenantId = textOf(id, '"tenant_id"');
  if (extra === undefined || extra === null) return { tenantId, extra: undefined };
  const text = textOf(extra, '"extra"', true);
  if (!/^(?:[\w+/]{4})*(?:[\w+/]{2}==|[\w+/]{3}=)?$/.test(text)) throw new Malformed('"extra" is not base64');
  return { tenantId, extra: Buffer.from(text, 'base64') };
}

/** What a plugin says that offers nothing. */
export const NO_ADDONS: Outcome = refused('no extension point');

/** Whether all points that another plugin wants to extend are offered; names those that are not. */
export function judgeAddons({ endpoints }: AddonsIdentifyRequest, addons: readonly Addon[]): Outcome {
  if (endpoints.length === 0) return refused('"endpoint" is empty');
  const offered = new Set(addons.map(({ name }) => name));
  const unknown = endpoints.map(({ addon }) => addon).filter((name) => !offered.has(name));
  return unknown.length === 0 ? OK : refused(`unknown extension points: ${unknown.join(', ')}`);
}
