import { FnError } from '../base/error.ts';
import type { Plugin } from './plugin.ts';

/** Plugins by their names, each once; OFN-APISIX-PLUGIN for what is none, and for two of one name. */
export function byName(plugins: readonly unknown[]): ReadonlyMap<string, Plugin> {
  const found = new Map<string, Plugin>();
  for (const plugin of plugins) {
    if (!isPlugin(plugin)) {
      throw new FnError("Couldn't take a plugin: it is no object with a name.", {
        code: 'OFN-APISIX-PLUGIN',
        hint: 'Make it with `definePlugin`, and give it a name.',
      });
    }
    if ((found.get(plugin.name) ?? plugin) !== plugin) {
      throw new FnError(`Couldn't take two plugins named "${plugin.name}".`, {
        code: 'OFN-APISIX-PLUGIN',
        hint: 'Give one of them another name.',
      });
    }
    found.set(plugin.name, plugin);
  }
  return found;
}

const MEMBERS = ['parseConf', 'requestFilter', 'responseFilter', 'dispose'] as const;

/** Whether a value has a filter, or what reads values for one: whoever wrote it meant a plugin. */
export function looksLikePlugin(value: unknown): value is object {
  return (
    typeof value === 'object' && value !== null && MEMBERS.some((member) => member !== 'dispose' && member in value)
  );
}

/** Whether a value is a plugin: a name, and functions where a plugin has some. */
export function isPlugin(value: unknown): value is Plugin {
  return typeof value === 'object' && value !== null && faultOf(value) === undefined;
}

/** What keeps an object from being a plugin, as in "it <fault>"; undefined where it is one. */
export function faultOf(value: object): string | undefined {
  const name: unknown = Reflect.get(value, 'name');
  if (name === undefined) return 'has no name';
  if (typeof name !== 'string' || name === '') return 'has a name that is no text';
  const member = MEMBERS.find((each) => !['undefined', 'function'].includes(typeof Reflect.get(value, each)));
  return member && `has a ${member} that is no function`;
}
