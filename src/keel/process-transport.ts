import { FnError } from '../base/error.ts';
import type { Transport } from './client.ts';

const KEY = Symbol.for('openfunction.functions-framework.keel.v1');
type Holder = typeof globalThis & { [KEY]?: Transport };

/** Gives the functions of this process a way to Keel: a second copy of this module finds the same. */
export function installTransport(transport: Transport): void {
  const holder: Holder = globalThis;
  holder[KEY] = transport;
}

/** The way to Keel of this process; OFN-CONFIG when its function is no plugin. */
export function installedTransport(): Transport {
  const { [KEY]: transport }: Holder = globalThis;
  if (transport !== undefined) return transport;
  throw new FnError("Couldn't call through Keel: this function is no plugin.", {
    code: 'OFN-CONFIG',
    hint: 'Set KEEL_PLUGIN_ID, or plugin_id of [keel] in func.toml, and serve it by functions-framework.',
  });
}
