import { FnError } from '../../base/error.ts';
import type { Plugin } from '../plugin.ts';
import { byName } from '../plugins-by-name.ts';
import { parseConf, type Step } from '../server/conf-cache.ts';

/** A plugin, or pairs of plugins and their values that run in their order. */
export type Plugins = Plugin | readonly Pair[];

type Pair = readonly [plugin: Plugin, conf: unknown];

/** What plugins have made of their values, until they have freed it. */
export class ParsedValues {
  readonly #steps: Step[] = [];
  #freed: Promise<void> | undefined;

  /**
   * Parses the value of a plugin, or those of pairs, in their order; gives the steps of their chain. What `parseConf` throws is
   * thrown; OFN-APISIX-PLUGIN for what is no plugin, OFN-APISIX-TEST for a list of anything but pairs, and for what is no JSON.
   */
  parse(plugins: Plugins, conf: unknown): readonly Step[] {
    const pairs = pairsOf(plugins, conf);
    for (const [plugin] of pairs) byName([plugin]);
    for (const [plugin, value] of pairs) {
      this.#steps.push({ plugin, conf: parseConf(plugin, valueOf(plugin, value)) });
    }
    return this.#steps;
  }

  /** Lets every plugin free its value, once however often it is called; throws the first that a plugin throws behind the last. */
  free(): Promise<void> {
    this.#freed ??= disposeOf(this.#steps);
    return this.#freed;
  }
}

async function disposeOf(steps: readonly Step[]): Promise<void> {
  const failures: unknown[] = [];
  for (const { plugin, conf } of steps) {
    try {
      await plugin.dispose?.(conf);
    } catch (error) {
      failures.push(error);
    }
  }
  if (failures.length > 0) throw failures[0];
}

function pairsOf(plugins: Plugins, conf: unknown): readonly Pair[] {
  if (!isList(plugins)) return [[plugins, conf]];
  const wrong = plugins.findIndex((pair) => !Array.isArray(pair) || pair.length !== 2);
  if (wrong !== -1) throw unusable(`number ${wrong + 1} of the list is no pair of a plugin and its value`);
  if (conf !== undefined) throw unusable('a list has a value in each of its pairs, and none beside it');
  return plugins;
}

function isList(plugins: Plugins): plugins is readonly Pair[] {
  return Array.isArray(plugins);
}

/** A value as a route has it. */
function valueOf({ name }: Plugin, conf: unknown = {}): string {
  if (typeof conf === 'string') return conf;
  const value = jsonOf(conf);
  if (value === undefined) throw unusable(`the value of "${name}" can't be JSON`);
  return value;
}

/** JSON; undefined for what it has no form for. */
function jsonOf(value: unknown): string | undefined {
  try {
    return JSON.stringify(value);
  } catch {
    return undefined;
  }
}

function unusable(why: string): FnError {
  return new FnError(`Couldn't open a route: ${why}.`, {
    code: 'OFN-APISIX-TEST',
    hint: 'Give a plugin and its value, `openRoute(quota, { limit: 1 })`, or a list of pairs, `openRoute([[quota, { limit: 1 }]])`.',
  });
}
