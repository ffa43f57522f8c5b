import { closest } from '../base/closest.ts';
import { FnError } from '../base/error.ts';
import type { Plugin } from './plugin.ts';

/** Plugins by their names, each once; OFN-APISIX-PLUGIN for what is none, and for two of one name. */
export function byName(plugins: readonly unknown[]): ReadonlyMap<string, Plugin> {
  const found = new Map<string, Plugin>();
  for (const plugin of plugins) {
    if (!isPlugin(plugin)) {
      throw new FnError(`Couldn't take a plugin: it ${isObject(plugin) ? faultOf(plugin) : 'is no object'}.`, {
        code: 'OFN-APISIX-PLUGIN',
        hint: 'Make it with `definePlugin`, and give it a name and a filter.',
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

/** What a plugin has at least one of. */
const ACTS = ['parseConf', 'requestFilter', 'responseFilter'] as const;
const MEMBERS = [...ACTS, 'dispose'] as const;

/** Whether whoever wrote a value meant a plugin: it has a filter, or what reads values for one, or nearly so and a name. */
export function looksLikePlugin(value: unknown): value is object {
  if (!isObject(value)) return false;
  return ACTS.some((member) => member in value) || (hasName(value) && misspeltOf(value) !== undefined);
}

/** Whether a value is a plugin: a name, one of `ACTS`, and functions where a plugin has some. */
export function isPlugin(value: unknown): value is Plugin {
  return isObject(value) && faultOf(value) === undefined;
}

/** What keeps an object from being a plugin, as in "it <fault>"; undefined where it is one. */
export function faultOf(value: object): string | undefined {
  const name: unknown = Reflect.get(value, 'name');
  if (name === undefined) return 'has no name';
  if (!hasName(value)) return 'has a name that is no text';
  const member = MEMBERS.find((each) => !['undefined', 'function'].includes(typeof Reflect.get(value, each)));
  if (member !== undefined) return `has a ${member} that is no function`;
  if (ACTS.some((each) => Reflect.get(value, each) !== undefined)) return undefined;
  return misspeltOf(value) ?? `has none of ${ACTS.join(', ')}`;
}

/** The function of an object that is called nearly as one of `ACTS`, as in "it has <this>". */
function misspeltOf(value: object): string | undefined {
  for (const name of namesOf(value)) {
    const meant = meantBy(name);
    if (meant === undefined || typeof Reflect.get(value, name) !== 'function') continue;
    return `has "${name}", which no plugin has (did you mean ${meant}?)`;
  }
  return undefined;
}

function meantBy(name: string): string | undefined {
  if (name === 'filter') return '"requestFilter" or "responseFilter"';
  const meant = closest(name, ACTS);
  return meant && `"${meant}"`;
}

/** The names of what an object has, of its own and of its classes. */
function namesOf(value: object): string[] {
  const above: unknown = Object.getPrototypeOf(value);
  const inherited = isObject(above) && above !== Object.prototype ? namesOf(above) : [];
  return [...Object.getOwnPropertyNames(value), ...inherited];
}

function hasName(value: object): boolean {
  const name: unknown = Reflect.get(value, 'name');
  return typeof name === 'string' && name !== '';
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}
