import { hash } from 'node:crypto';
import { FnError, messageOf } from '../../base/error.ts';
import type { Log } from '../../base/log.ts';
import { parseJson } from '../conf/json.ts';
import type { Plugin } from '../plugin.ts';

/** A plugin with the configuration of a route. */
export interface Step {
  readonly plugin: Plugin;
  readonly conf: unknown;
}

/** What a token stands for: the plugins of a route in their order, by filter. */
export interface Chains {
  readonly request: readonly Step[];
  readonly response: readonly Step[];
}

interface Kept extends Chains {
  readonly token: number;
  readonly key: string;
  readonly digest: string;
  readonly steps: readonly Step[];
  /** When somebody asked for it last, in milliseconds. */
  touched: number;
  /** How many calls are running with it. */
  calls: number;
}

/** The name of a plugin and its value in a route. */
export type NamedValue = readonly [name: string, value: string];

/** How a cache keeps. */
export interface ConfCacheOptions {
  readonly plugins: ReadonlyMap<string, Plugin>;
  /** Milliseconds that a configuration is kept after it was asked for the last time. */
  readonly ttl: number;
  /** The most configurations that are kept. */
  readonly limit: number;
  /** The first token, which is not 0. After a restart it has to be another one: APISIX keeps tokens. */
  readonly firstToken: number;
  readonly now: () => number;
  readonly log: Log;
}

const TOKENS = 2 ** 32;

/** Configurations of routes, parsed once. */
export class ConfCache {
  readonly #options: ConfCacheOptions;
  readonly #byToken = new Map<number, Kept>();
  readonly #byKey = new Map<string, Kept>();
  /** Those that nobody can ask for any more while calls are still running with them. */
  readonly #leaving = new Set<Kept>();
  #nextToken: number;

  constructor(options: ConfCacheOptions) {
    this.#options = options;
    this.#nextToken = options.firstToken;
  }

  /** How many configurations there are. */
  get size(): number {
    return this.#byToken.size;
  }

  /** The token of a configuration: that of the same key and the same values, or else a new one. */
  prepare(key: string, values: readonly NamedValue[]): number {
    const digest = hash('sha256', JSON.stringify(values));
    const known = this.#byKey.get(key);
    if (known?.digest === digest) {
      known.touched = this.#options.now();
      return known.token;
    }
    const steps = values.flatMap((value) => this.#parse(value));
    const kept: Kept = {
      token: this.#takeToken(),
      key,
      digest,
      steps,
      ...chainsOf(steps),
      touched: this.#options.now(),
      calls: 0,
    };
    this.#byToken.set(kept.token, kept);
    // Without a key APISIX can't mean the same one again.
    if (key !== '') this.#byKey.set(key, kept);
    if (this.#byToken.size > this.#options.limit) this.#dropOldest();
    return kept.token;
  }

  /** What a token stands for; undefined for one that is not known, or not any more. */
  find(token: number): Chains | undefined {
    const kept = this.#byToken.get(token);
    if (kept !== undefined) kept.touched = this.#options.now();
    return kept;
  }

  /** Keeps what a token stands for from being disposed of, until the call for which it does so ends by what this returns. */
  hold(token: number): () => void {
    const kept = this.#byToken.get(token);
    if (kept === undefined) return () => {};
    kept.calls += 1;
    return () => {
      kept.calls -= 1;
      if (kept.calls === 0 && this.#leaving.delete(kept)) void this.#dispose(kept);
    };
  }

  /** Drops what nobody has asked for in time. */
  sweep(): void {
    const oldest = this.#options.now() - this.#options.ttl;
    for (const kept of this.#byToken.values()) if (kept.touched < oldest) this.#drop(kept);
  }

  /** Drops everything, with calls or without, and waits until the plugins have freed what they held. */
  async clear(): Promise<void> {
    const all = [...this.#byToken.values(), ...this.#leaving];
    this.#byToken.clear();
    this.#byKey.clear();
    this.#leaving.clear();
    await Promise.all(all.map((kept) => this.#dispose(kept)));
  }

  #parse([name, value]: NamedValue): Step[] {
    const { plugins, log } = this.#options;
    const plugin = plugins.get(name);
    if (plugin === undefined) {
      log.warn(`There is no plugin "${name}"; the route runs without it.`);
      return [];
    }
    try {
      return [{ plugin, conf: parseConf(plugin, value) }];
    } catch (error) {
      log.error(
        `Couldn't read the configuration of the plugin "${name}", so that the route runs without it: ${messageOf(error)}`,
      );
      return [];
    }
  }

  #takeToken(): number {
    while (this.#nextToken === 0 || this.#byToken.has(this.#nextToken))
      this.#nextToken = (this.#nextToken + 1) % TOKENS;
    const token = this.#nextToken;
    this.#nextToken = (token + 1) % TOKENS;
    return token;
  }

  #dropOldest(): void {
    const all = [...this.#byToken.values()];
    const oldest = all.reduce((least, kept) => (kept.touched < least.touched ? kept : least));
    this.#drop(oldest);
  }

  #drop(kept: Kept): void {
    this.#byToken.delete(kept.token);
    if (this.#byKey.get(kept.key) === kept) this.#byKey.delete(kept.key);
    if (kept.calls > 0) this.#leaving.add(kept);
    else void this.#dispose(kept);
  }

  async #dispose(kept: Kept): Promise<void> {
    for (const { plugin, conf } of kept.steps) {
      try {
        await plugin.dispose?.(conf);
      } catch (error) {
        this.#options.log.error(
          `Couldn't dispose of a configuration of the plugin "${plugin.name}": ${messageOf(error)}`,
        );
      }
    }
  }
}

/** Plugins by the filters they have. */
export function chainsOf(steps: readonly Step[]): Chains {
  return {
    request: steps.filter(({ plugin }) => plugin.requestFilter !== undefined),
    response: steps.filter(({ plugin }) => plugin.responseFilter !== undefined),
  };
}

/** Reads the value that a plugin has in a route; throws what the plugin does, or OFN-APISIX-PLUGIN when it is async. */
export function parseConf(plugin: Plugin, value: string): unknown {
  const conf = plugin.parseConf === undefined ? parseJson(value) : plugin.parseConf(value);
  if (!(conf instanceof Promise)) return conf;
  conf.catch(() => {});
  throw new FnError(`Couldn't wait for "parseConf": it is async.`, {
    code: 'OFN-APISIX-PLUGIN',
    hint: 'Return what it reads at once, and wait in the filters.',
  });
}
