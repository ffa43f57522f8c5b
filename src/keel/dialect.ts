import type { Identity } from './identity.ts';

/** Whose words a plugin speaks: those of Keel's proposal, or of the code of tkeel 0.1.0. */
export const DIALECTS = ['proposal', 'v0.1.0'] as const;

/** One of them. */
export type Dialect = (typeof DIALECTS)[number];

/** An identity as the fields of an answer, without `ret` and `msg`; what there is none of is left out. */
export function renderIdentity(identity: Identity, dialect: Dialect): Record<string, unknown> {
  return dialect === 'proposal' ? inProposal(identity) : inCode(identity);
}

function inProposal({ pluginId, version, addons, mainPlugins }: Identity): Record<string, unknown> {
  return {
    plugin_id: pluginId,
    version,
    ...(addons.length > 0 && { addons: addons.map(({ name, desc }) => ({ endpoint: name, desc })) }),
    ...(mainPlugins.length > 0 && {
      main_plugin: mainPlugins.map(({ id, version, endpoints }) => ({
        id,
        ...(version !== undefined && { version }),
        endpoints: endpoints.map(({ addon, endpoint }) => ({ addons: addon, endpoint })),
      })),
    }),
  };
}

/** https://github.com/tkeel-io/tkeel/blob/v0.1.0/pkg/openapi/common.go */
function inCode({ pluginId, version, tkeelVersion, addons, mainPlugins }: Identity): Record<string, unknown> {
  return {
    plugin_id: pluginId,
    version,
    ...(tkeelVersion !== undefined && { tkeel_version: tkeelVersion }),
    ...(addons.length > 0 && { addons_points: addons.map(({ name, desc }) => ({ addons_point: name, desc })) }),
    ...(mainPlugins.length > 0 && {
      main_plugins: mainPlugins.map(({ id, version, endpoints }) => ({
        id,
        ...(version !== undefined && { version }),
        endpoints: endpoints.map(({ addon, endpoint }) => ({ addons_point: addon, endpoint })),
      })),
    }),
  };
}
