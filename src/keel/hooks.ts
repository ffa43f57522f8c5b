import { FnError, messageOf } from '../base/error.ts';
import { OK, type Outcome } from './answer.ts';
import { Malformed, readAddons, readMainPlugins, tableOf, textOf, type Identity } from './identity.ts';
import type { AddonsIdentifyRequest, TenantBindRequest } from './requests.ts';
import { isStatus, STATUSES, type Status } from './status.ts';
import { isTable } from '../base/table.ts';

/** What of its identity a plugin says by itself; the settings say the rest. */
export type IdentityChanges = Partial<Pick<Identity, 'version' | 'addons' | 'mainPlugins'>>;

/** How a hook ended: all is well when it is nothing. */
// oxlint-disable-next-line typescript/no-invalid-void-type -- hooks that return nothing are fine
export type HookOutcome = (Pick<Outcome, 'ret'> & Partial<Outcome>) | undefined | void;

/** What a function exports as `keel` to have a say in what Keel is answered. */
export interface KeelHooks {
  readonly identify?: () => IdentityChanges | Promise<IdentityChanges>;
  /** Asked while the function is ACTIVE alone. */
  readonly status?: () => Status | Promise<Status>;
  /** Asked when every extension point is there. */
  readonly addonsIdentify?: (request: AddonsIdentifyRequest) => HookOutcome | Promise<HookOutcome>;
  /** Asked in the dialect v0.1.0 alone. */
  readonly tenantBind?: (request: TenantBindRequest) => HookOutcome | Promise<HookOutcome>;
}

const NAMES = ['identify', 'status', 'addonsIdentify', 'tenantBind'] as const;

/** The hooks of what a module exports as `keel`; a function of that name is none. OFN-KEEL-HOOK when one is no function. */
export function hooksOf(exported: unknown): KeelHooks {
  if (!isTable(exported)) return {};
  for (const [name, hook] of Object.entries(exported)) {
    if (!NAMES.some((known) => known === name)) throw misnamed(name, 'is no hook');
    if (typeof hook !== 'function') throw misnamed(name, 'is not a function');
  }
  return exported;
}

/** Asks a hook for the identity; OFN-KEEL-HOOK when it says something that can't be. */
export async function identityBy(hooks: KeelHooks, configured: Identity): Promise<Identity> {
  if (hooks.identify === undefined) return configured;
  const changes: unknown = await hooks.identify();
  return usable('identify', () => {
    const { version, addons, mainPlugins, ...others } = tableOf(changes, 'what it returned');
    const [stray] = Object.keys(others);
    if (stray !== undefined) throw new Malformed(`"${stray}" is not its to say`);
    return {
      ...configured,
      ...(version !== undefined && { version: textOf(version, '"version"') }),
      ...(addons !== undefined && { addons: readAddons(addons) }),
      ...(mainPlugins !== undefined && { mainPlugins: readMainPlugins(mainPlugins) }),
    };
  });
}

/** Asks a hook for the status; OFN-KEEL-HOOK in the same way. */
export async function statusBy(hooks: KeelHooks): Promise<Status> {
  if (hooks.status === undefined) return 'ACTIVE';
  const value: unknown = await hooks.status();
  return usable('status', () => {
    if (isStatus(value)) return value;
    throw new Malformed(`it returned none of ${STATUSES.join(', ')}`);
  });
}

/** What a hook returned as the outcome of a call; OFN-KEEL-HOOK in the same way. */
export function outcomeOf(returned: unknown, hook: keyof KeelHooks): Outcome {
  if (returned === undefined || returned === null) return OK;
  return usable(hook, () => {
    const { ret, msg } = tableOf(returned, 'what it returned');
    if (typeof ret !== 'number' || !Number.isSafeInteger(ret)) throw new Malformed('"ret" is no whole number');
    return { ret, msg: msg === undefined ? defaultMessage(ret) : textOf(msg, '"msg"', true) };
  });
}

function usable<T>(hook: keyof KeelHooks, read: () => T): T {
  try {
    return read();
  } catch (error) {
    throw new FnError(`Couldn't use what "${hook}" of the export "keel" returned: ${messageOf(error)}.`, {
      code: 'OFN-KEEL-HOOK',
      hint: 'Return what docs/keel.md says.',
      cause: error,
    });
  }
}

function defaultMessage(ret: number): string {
  return ret === 0 ? 'ok' : 'refused';
}

function misnamed(name: string, why: string): FnError {
  return new FnError(`Couldn't use the export "keel": "${name}" ${why}.`, {
    code: 'OFN-KEEL-HOOK',
    hint: `Export functions alone, under the names ${NAMES.join(', ')}.`,
  });
}
